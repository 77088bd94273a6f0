"""Why the system refused to read or write, by the error numbers of POSIX (Windows maps its own to them)."""

from __future__ import annotations

import errno

from productloop.foundation.wording import Text

REASONS: dict[int, Text] = {
    errno.ENOSPC: Text("磁盘满了", "the disk is full"),
    errno.EACCES: Text("没有权限", "no right to do so"),
    errno.EPERM: Text("没有权限", "no right to do so"),
    errno.EROFS: Text("磁盘是只读的", "the disk is read-only"),
    errno.ENOENT: Text("没有这个文件或文件夹", "there is no such file or folder"),
    errno.ENOTDIR: Text("路径中间有一段不是文件夹", "a part of the path is not a folder"),
    errno.EISDIR: Text("是文件夹或设备，不是文件", "it is a folder or a device, not a file"),
    errno.EEXIST: Text("已经有同名的文件", "a file of that name is there already"),
    errno.ENOTEMPTY: Text("文件夹不是空的", "the folder is not empty"),
    errno.ENAMETOOLONG: Text("名字太长", "the name is too long"),
    errno.ELOOP: Text("链接绕成了圈", "a link leads in a circle"),
    errno.EMFILE: Text("打开的文件太多", "too many files are open"),
    errno.EIO: Text("磁盘读写出错", "the disk cannot be read or written"),
    errno.EFBIG: Text("文件太大", "the file is too large"),
}
