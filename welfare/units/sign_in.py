from unfold.forms import AuthenticationForm

from welfare.units.models import User


class SignInForm(AuthenticationForm):
    def clean(self):
        """A name no account can have is wrong like any other; counting its failures would overrun axes' column."""
        if len(self.cleaned_data.get("username", "")) > User._meta.get_field("username").max_length:
            raise self.get_invalid_login_error()
        return super().clean()
