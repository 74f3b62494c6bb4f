package io.ketju.site;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;

/** The names by which headings of one page are linked to, as code hosts make them: {@code #a-new-layer}. */
final class Anchors {
    private final IdentityHashMap<Heading, String> names = new IdentityHashMap<>();

    Anchors(Node content) {
        Map<String, Integer> seen = new HashMap<>();
        content.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                String name = name(Page.text(heading));
                int before = seen.merge(name, 1, Integer::sum) - 1;
                names.put(heading, before == 0 ? name : name + "-" + before);
            }
        });
    }

    /** Small letters, digits, {@code _} and {@code -} stay, spaces become {@code -}, all else goes. */
    static String name(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                .replace(' ', '-');
    }

    /** That of a heading of the page. */
    String of(Heading heading) {
        return names.getOrDefault(heading, "");
    }
}
