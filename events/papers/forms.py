from django import forms

from events.papers.models import InvitationText, InvitationWords


class TextForm(forms.ModelForm):
    class Meta:
        model = InvitationText
        fields = InvitationWords.word_fields()
