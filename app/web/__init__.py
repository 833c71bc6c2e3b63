"""The service in parts: request schema, OpenAI's forms, catalogue of shows and graphs, admission, metrics.

`app.service.create_app` puts them together. Nothing here knows how a reply is made: that is `app.bot`.
"""
