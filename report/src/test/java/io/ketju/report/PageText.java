package io.ketju.report;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A report as a tree: whatever is not escaped or not ended is no tree. */
record PageText(String html, Document tree) {
    private static final Pattern SCRIPT = Pattern.compile("<script>.*</script>", Pattern.DOTALL);

    static PageText read(Path file) {
        try {
            String html = Files.readString(file);
            String markup = SCRIPT.matcher(html.replace("<!DOCTYPE html>", "")).replaceFirst("");
            return new PageText(
                    html,
                    DocumentBuilderFactory.newDefaultInstance()
                            .newDocumentBuilder()
                            .parse(new InputSource(new StringReader(markup))));
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new AssertionError(file + ": " + e.getMessage(), e);
        }
    }

    List<Element> all(String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = tree.getElementsByTagName(name);
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }

    /** Those of a class. */
    List<Element> all(String name, String cssClass) {
        return all(name).stream()
                .filter(element ->
                        List.of(element.getAttribute("class").split(" ", -1)).contains(cssClass))
                .toList();
    }

    List<String> texts(String name) {
        return all(name).stream().map(Element::getTextContent).toList();
    }
}
