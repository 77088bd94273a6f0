"""Chinese and English text: detect, clean, cut, encode, keywords, topics."""
