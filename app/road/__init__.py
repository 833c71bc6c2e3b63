"""The road of one's own show: transcripts → manifest → utterances → graph → report → personas (`python -m app.own`)."""
