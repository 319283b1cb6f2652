"""A4 sheets with words on them: fonts, lines that break where words end, heads and feet of pages."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import matplotlib
from fpdf import FPDF

from policysim.viz.style import QUIET, TEXT

FAMILY, MONO = "DejaVu", "DejaVuMono"
FONTS = {(FAMILY, ""): "DejaVuSans", (FAMILY, "B"): "DejaVuSans-Bold", (MONO, ""): "DejaVuSansMono"}
SMALL, NOTE, BODY = 6.8, 8.0, 9.2
"""Sizes in points: tables of an appendix, notes and captions, text."""
LEADING = 1.38
POINT = 25.4 / 72
"""Millimetres."""
LINK = "#005A8C"
BAND = "#F5F4F1"


def rgb(colour: str) -> tuple[int, int, int]:
    """A colour such as #D9D9D9 as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


class Sheet(FPDF):
    """Pages that are filled from top to bottom."""

    def __init__(self, title: str, source: str, made: datetime):
        super().__init__(format="A4", unit="mm")
        self.said, self.source = title, source
        self.set_margins(18, 17, 18)
        self.set_auto_page_break(False, 19)
        for (family, style), name in FONTS.items():
            self.add_font(family, style, Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}.ttf"))
        self.set_font(FAMILY, "", BODY)
        self.set_title(title)
        self.set_lang("en-GB")
        self.set_creator("policysim")
        self.set_creation_date(made)
        self._widths: dict[tuple[str, float, str, str], float] = {}

    def header(self) -> None:
        """The title at the top, from the second page on."""
        if self.page_no() > 1:
            self.write_at(self.l_margin, 11, self.cut(self.said, self.epw, 7.5), 7.5, colour=QUIET)

    def number_pages(self) -> None:
        """The line on the source and the number of each page at its foot, once it is known how many there are."""
        count, y = self.page, self.h - 10
        for page in range(1, count + 1):
            text = f"{page} of {count}"
            self.turn_to(page)
            self.write_at(self.l_margin, y, self.cut(self.source, self.epw - 30, 7.5), 7.5, colour=QUIET)
            self.write_at(self.w - self.r_margin - self.width_of(text, 7.5), y, text, 7.5, colour=QUIET)

    def turn_to(self, page: int) -> None:
        """Go back to a page; the font is asked for anew there, since each page has its own."""
        self.page = page
        self.set_font(MONO, "", 1)

    # --- words --------------------------------------------------------------------------------------------------------
    def width_of(self, text: str, size: float, style: str = "", family: str = FAMILY) -> float:
        """How wide a text is, in millimetres."""
        key = (text, size, style, family)
        if key not in self._widths:
            self.set_font(family, style, size)
            self._widths[key] = self.get_string_width(text)
        return self._widths[key]

    def lines(self, text: str, width: float, size: float, style: str = "", family: str = FAMILY) -> list[str]:
        """A text in lines no wider than this; a word that is longer is broken."""
        found: list[str] = []
        space = self.width_of(" ", size, style, family)
        for part in text.split("\n"):
            line, filled = "", 0.0
            for word in filter(None, part.split(" ")):
                wide = self.width_of(word, size, style, family)
                if line and filled + space + wide > width:
                    found.append(line)
                    line, filled = "", 0.0
                if wide > width:
                    *whole, word = self._broken(word, width, size, style, family)
                    found += whole
                    wide = self.width_of(word, size, style, family)
                line, filled = (f"{line} {word}", filled + space + wide) if line else (word, wide)
            found.append(line)
        return found

    def _broken(self, word: str, width: float, size: float, style: str, family: str) -> Iterator[str]:
        """A long word in pieces, after an underscore, a slash or a hyphen where there is one."""
        while self.width_of(word, size, style, family) > width and len(word) > 1:
            fits = next(
                k
                for k in range(len(word) - 1, 0, -1)
                if k == 1 or self.width_of(word[:k], size, style, family) <= width
            )
            soft = max(word.rfind(mark, 0, fits) for mark in "_-/.") + 1
            at = soft if soft > fits // 2 else fits
            yield word[:at]
            word = word[at:]
        yield word

    def cut(self, text: str, width: float, size: float) -> str:
        """A text that fits into one line, with dots where it is cut."""
        if self.width_of(text, size) <= width:
            return text
        while text and self.width_of(text + "…", size) > width:
            text = text[:-1]
        return text.rstrip(" ,;:") + "…"

    def height_of(self, text: str, size: float, width: float | None = None) -> float:
        """How high a paragraph is."""
        return len(self.lines(text, width or self.epw, size)) * size * LEADING * POINT

    def write_at(
        self, x: float, y: float, text: str, size: float, style: str = "", colour: str = TEXT, family: str = FAMILY
    ) -> None:
        """One line, whose letters stand on y."""
        self.set_font(family, style, size)
        self.set_text_color(*rgb(colour))
        self.text(x, y, text)

    # --- blocks -------------------------------------------------------------------------------------------------------
    @property
    def room(self) -> float:
        """Millimetres that are left on this page."""
        return self.h - self.b_margin - self.get_y()

    def keep_together(self, height: float) -> None:
        """Begin a new page if so much does not fit on this one."""
        if height > self.room and self.get_y() > self.t_margin + 1:
            self.add_page()

    def paragraph(
        self,
        text: str,
        size: float = BODY,
        style: str = "",
        colour: str = TEXT,
        after: float = 2.0,
        indent: float = 0.0,
    ) -> None:
        """Lines of text; neither the first nor the last stands alone on a page."""
        lines, step = self.lines(text, self.epw - indent, size, style), size * LEADING * POINT
        self.keep_together(step * min(2, len(lines)))
        for k, line in enumerate(lines):
            if step > self.room or (k == len(lines) - 2 and 2 * step > self.room):
                self.add_page()
            self.write_at(self.l_margin + indent, self.get_y() + step * 0.76, line, size, style, colour)
            self.set_y(self.get_y() + step)
        self.set_y(self.get_y() + after)

    def bullet(self, head: str, text: str) -> None:
        """A point of a list: its head in bold on the line on which its text begins."""
        indent, step = 4.0, BODY * LEADING * POINT
        lead = self.width_of(head + " ", BODY, "B") if head else 0.0
        above = lead > self.epw / 2
        if above:
            self.keep_together(3 * step)
            self.write_at(self.l_margin + 0.8, self.get_y() + step * 0.76, "•", BODY)
            self.paragraph(head, BODY, "B", after=0, indent=indent)
            lead = 0.0
        first, *_ = self.lines(text, self.epw - indent - lead, BODY)
        rest = (
            self.lines(" ".join(filter(None, text.split(" ")))[len(first) :].strip(), self.epw - indent, BODY)
            if text
            else []
        )
        self.keep_together(step * min(3, 1 + len(rest)))
        y = self.get_y() + step * 0.76
        if not above:
            self.write_at(self.l_margin + 0.8, y, "•", BODY)
        if lead:
            self.write_at(self.l_margin + indent, y, head, BODY, "B")
        self.write_at(self.l_margin + indent + lead, y, first, BODY)
        self.set_y(self.get_y() + step)
        for line in filter(None, rest):
            if step > self.room:
                self.add_page()
            self.write_at(self.l_margin + indent, self.get_y() + step * 0.76, line, BODY)
            self.set_y(self.get_y() + step)
        self.set_y(self.get_y() + 1.2)

    def heading(self, text: str, size: float, before: float = 2.5) -> None:
        """A heading within a section, never the last on a page."""
        self.keep_together(26)
        if self.get_y() > self.t_margin + 1:
            self.set_y(self.get_y() + before)
        self.paragraph(text, size, "B", after=0.8)

    def begin(self, title: str, level: int = 0) -> tuple[int, int]:
        """A section with a rule above its title; returns its page and a link to it."""
        self.keep_together(45)
        if self.get_y() > self.t_margin + 1:
            self.set_y(self.get_y() + 5)
        self.start_section(title, level)
        link = self.add_link(page=self.page, y=self.get_y())
        self.set_draw_color(*rgb(TEXT))
        self.set_line_width(0.5)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.set_y(self.get_y() + 1.8)
        self.paragraph(title, 13.5, "B", after=2.2)
        return self.page, link

    def boxed(self, text: str, size: float) -> None:
        """A paragraph on a quiet band."""
        height = self.height_of(text, size, self.epw - 6) + 4
        self.keep_together(height)
        self.set_fill_color(*rgb(BAND))
        self.rect(self.l_margin, self.get_y(), self.epw, height, style="F")
        y = self.get_y() + 2
        for line in self.lines(text, self.epw - 6, size):
            self.write_at(self.l_margin + 3, y + size * LEADING * POINT * 0.76, line, size)
            y += size * LEADING * POINT
        self.set_y(self.get_y() + height + 3)

    def code(self, text: str) -> None:
        """Lines of a file or of commands as they are, long ones broken."""
        size = SMALL
        step = size * 1.4 * POINT
        most = max(1, int((self.epw - 5) / self.width_of("m", size, family=MONO)))
        lines = [
            line[k : k + most] for line in text.rstrip("\n").split("\n") for k in range(0, max(1, len(line)), most)
        ]
        self.keep_together(min(len(lines), 4) * step + 3)
        for line in lines:
            if step > self.room:
                self.add_page()
            self.set_fill_color(*rgb(BAND))
            self.rect(self.l_margin, self.get_y(), self.epw, step + 0.05, style="F")
            self.write_at(self.l_margin + 2.5, self.get_y() + step * 0.76, line, size, family=MONO)
            self.set_y(self.get_y() + step)
        self.set_y(self.get_y() + 3)
