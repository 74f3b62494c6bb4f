package io.ketju.records.timeline;

import io.ketju.pipeline.schedule.Action;
import io.ketju.records.timeline.Timeline.Block;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A timeline as a picture: a row for each rank, a block for each action, colours by kind, what is idle left free. Browsers
 * show what a block is when it is pointed at, and follow the reader's light or dark screen.
 */
public final class TimelineSvg {
    private static final double ROW = 34;
    private static final double BLOCK = 26;
    private static final double LEFT = 70;
    private static final double TOP = 56;
    private static final double LEGEND = 34;
    private static final double MARGIN = 16;
    private static final double PLAIN_WIDTH = 1100;

    /** So wide that most blocks have room for their text. */
    private static final double PER_BLOCK = 34;

    private static final double WIDEST = 12_000;

    /** Width of a letter in a block. */
    private static final double LETTER = 6.4;

    /** Lines of the grid, about. */
    private static final int TICKS = 10;

    private static final String STYLE = """
            .timeline { font: 12px sans-serif; background: #fff; color: #222 }
            .timeline text { fill: currentColor } .timeline .title { font-size: 15px }
            .timeline .grid { stroke: #ddd } .timeline .block { stroke: #fff; stroke-width: 0.6 }
            .timeline .in { fill: #fff; font: 11px monospace }
            .timeline .F { fill: #2f6fb5 } .timeline .B { fill: #2e8b57 } .timeline .I { fill: #23897f }
            .timeline .W { fill: #b5651d } .timeline .R { fill: #7a6aa8 } .timeline .G { fill: #a34b63 }
            .timeline .N { fill: #8a5a83 } .timeline .S { fill: #555 }
            @media (prefers-color-scheme: dark) {
              .timeline { background: #16181d; color: #ddd } .timeline .grid { stroke: #333 } .timeline .block { stroke: #16181d }
            }
            """;

    private final XMLStreamWriter xml;
    private final Timeline timeline;
    private final double width;
    private final double scale;

    private TimelineSvg(XMLStreamWriter xml, Timeline timeline) {
        this.xml = xml;
        this.timeline = timeline;
        int most = timeline.rows().stream().mapToInt(List::size).max().orElse(1);
        width = Math.min(WIDEST, Math.max(PLAIN_WIDTH, most * PER_BLOCK));
        scale = timeline.end() == 0 ? 1 : width / timeline.end();
    }

    /**
     * Writes it to a file, over what is there.
     *
     * @param file of any name
     * @param timeline what is drawn
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Timeline timeline) throws IOException {
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            new TimelineSvg(xml, timeline).draw();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    /**
     * The same as an element of a page.
     *
     * @param timeline what is drawn
     * @return an element {@code svg}
     */
    public static String inline(Timeline timeline) {
        StringWriter out = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
            new TimelineSvg(xml, timeline).draw();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e); // memory does not fail
        }
        return out.toString();
    }

    private void draw() throws XMLStreamException {
        double height = TOP + timeline.rows().size() * ROW + LEGEND + MARGIN;
        open("svg");
        xml.writeDefaultNamespace("http://www.w3.org/2000/svg");
        String whole = number(LEFT + width + MARGIN);
        attributes("viewBox", "0 0 " + whole + " " + number(height), "width", whole, "height", number(height));
        attributes("role", "img", "class", "timeline");
        leaf("title", timeline.title());
        leaf("style", STYLE);
        text(MARGIN, 24, "title", timeline.title());
        grid();
        for (int rank = 0; rank < timeline.rows().size(); rank++) {
            double y = TOP + rank * ROW;
            text(MARGIN, y + BLOCK * 0.7, "row", "rank " + rank);
            for (Block block : timeline.rows().get(rank)) {
                draw(block, y);
            }
        }
        legend(TOP + timeline.rows().size() * ROW + LEGEND * 0.6);
        xml.writeEndElement();
    }

    private void draw(Block block, double y) throws XMLStreamException {
        double x = LEFT + block.start() * scale;
        double length = (block.end() - block.start()) * scale;
        String kind = block.action().kind().name();
        open("g");
        leaf(
                "title",
                String.format(
                        Locale.ROOT,
                        "%s: %s to %s %s, %s",
                        block.action(),
                        number(block.start()),
                        number(block.end()),
                        timeline.unit(),
                        block.note()));
        rectangle(x, y, Math.max(length, 0.5), "block " + kind);
        String label = block.action().toString();
        if (label.length() * LETTER <= length) {
            text(x + (length - label.length() * LETTER) / 2, y + BLOCK * 0.68, "in", label);
        }
        xml.writeEndElement();
    }

    private void grid() throws XMLStreamException {
        double step = step(timeline.end() / TICKS);
        double bottom = TOP + timeline.rows().size() * ROW;
        for (double at = 0; at <= timeline.end(); at += step) {
            double x = LEFT + at * scale;
            open("line");
            attributes("class", "grid", "x1", number(x), "x2", number(x), "y1", number(TOP - 8), "y2", number(bottom));
            xml.writeEndElement();
            text(x + 2, TOP - 10, "tick", number(at) + (at == 0 ? " " + timeline.unit() : ""));
        }
    }

    /** The next of 1, 2, 5, 10, 20, ... */
    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(least, 1e-9))));
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * power >= least) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private void legend(double y) throws XMLStreamException {
        double x = LEFT;
        for (Action.Kind kind : Action.Kind.values()) {
            boolean there = timeline.rows().stream()
                    .flatMap(List::stream)
                    .anyMatch(block -> block.action().kind() == kind);
            if (there) {
                String label = kind + " " + ActionText.kind(kind);
                rectangle(x, y - 11, 14, "block " + kind, 14);
                text(x + 19, y, "key", label);
                x += 40 + label.length() * LETTER;
            }
        }
    }

    private void rectangle(double x, double y, double length, String kind) throws XMLStreamException {
        rectangle(x, y, length, kind, BLOCK);
    }

    private void rectangle(double x, double y, double length, String kind, double height) throws XMLStreamException {
        open("rect");
        attributes("class", kind, "x", number(x), "y", number(y), "width", number(length), "height", number(height));
        xml.writeEndElement();
    }

    private void text(double x, double y, String kind, String text) throws XMLStreamException {
        open("text");
        attributes("class", kind, "x", number(x), "y", number(y));
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private void leaf(String name, String text) throws XMLStreamException {
        open(name);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private void open(String name) throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement(name);
    }

    private void attributes(String... namesAndValues) throws XMLStreamException {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            xml.writeAttribute(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    private static String number(double value) {
        double rounded = Math.rint(value * 100) / 100;
        return rounded == Math.rint(rounded) ? Long.toString(Math.round(rounded)) : Double.toString(rounded);
    }
}
