"""Quotes: the title is part of what was said, an appended answer is not."""

from productloop.loop.quotes import as_said


def test_the_title_is_said_and_the_answer_is_not() -> None:
    assert as_said("摄像头", "很给力") == "摄像头\n很给力"
    assert as_said("很给力", "很给力，推荐") == "很给力，推荐"
    assert as_said(None, "连不上\n---------- \n 开发者回复：感谢您的反馈。") == "连不上"
    assert as_said("Camera", None) == "Camera"
    assert as_said(None, None) == ""
