package io.ketju.site;

import java.nio.file.Path;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/**
 * A page of Markdown.
 *
 * @param source path in the repository
 * @param target path in the site
 * @param content as it was parsed
 */
record Page(Path source, Path target, Node content) {
    /** Where a page of Markdown goes: a README is the start of its folder. */
    static Path target(Path source) {
        String name = String.valueOf(source.getFileName());
        return source.resolveSibling(name.equals("README.md") ? "index.html" : name.replaceFirst("\\.md$", ".html"));
    }

    /** Its first heading, or its name. */
    String title() {
        for (Node node = content.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading) {
                return text(node);
            }
        }
        return source.toString();
    }

    /** From the site's folders back to its start: {@code ../../}, or nothing. */
    static String toRoot(Path target) {
        return "../".repeat(target.getNameCount() - 1);
    }

    /** What is read of a node, without marks. */
    static String text(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code code) {
                text.append(code.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak line) {
                text.append(' ');
            }
        });
        return text.toString();
    }
}
