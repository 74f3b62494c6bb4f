package io.ketju.site;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;

/** What is found on which page under which heading, as one script: pages opened from a disk may not read other files. */
final class SearchIndex {
    /**
     * What stands under one heading.
     *
     * @param address in the site
     */
    record Section(String page, String heading, String address, String text) {}

    private final List<Section> sections = new ArrayList<>();

    /** Adds the sections of a page. */
    void add(Page page, Anchors anchors) {
        String address = page.target().toString().replace('\\', '/');
        String heading = page.title();
        String anchor = "";
        StringBuilder text = new StringBuilder();
        for (Node node = page.content().getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading next) {
                sections.add(new Section(page.title(), heading, address + anchor, text.toString()));
                heading = Page.text(next);
                anchor = "#" + anchors.of(next);
                text.setLength(0);
            } else {
                text.append(node instanceof FencedCodeBlock code ? code.getLiteral() : Page.text(node))
                        .append(' ');
            }
        }
        sections.add(new Section(page.title(), heading, address + anchor, text.toString()));
    }

    /** A script that sets {@code window.ketjuPages}. */
    String script() throws IOException {
        StringWriter text = new StringWriter();
        text.append("window.ketjuPages = ");
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            for (Section section : sections) {
                if (section.text().isBlank()) {
                    continue;
                }
                json.writeStartArray();
                json.writeString(section.page());
                json.writeString(section.heading());
                json.writeString(section.address());
                json.writeString(section.text().replaceAll("\\s+", " ").strip());
                json.writeEndArray();
            }
            json.writeEndArray();
        }
        return text.append(";\n").toString();
    }
}
