"""The entry: ``streamlit run app.py``."""

import streamlit as st

from ui.server import lifespan, middleware, on_script_error

app = st.App(
    "ui/main.py",
    lifespan=lifespan,
    middleware=middleware(),
    on_script_error=on_script_error,
)
