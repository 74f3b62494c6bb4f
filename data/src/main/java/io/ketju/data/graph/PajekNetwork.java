package io.ketju.data.graph;

import io.ketju.data.BadDataException;
import io.ketju.data.graph.GraphFiles.Row;
import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The lines of a Pajek file (de Nooy, Mrvar and Batagelj, Exploratory Social Network Analysis with Pajek): edges between vertices
 * that have numbers, and perhaps labels, {@code 2 "two"}. A table of nodes calls them by their numbers, or else by their labels.
 */
final class PajekNetwork {
    private final String source;
    private final List<Row> edges = new ArrayList<>();
    private final List<Row> vertices = new ArrayList<>();

    private PajekNetwork(String source) {
        this.source = source;
    }

    /**
     * The lines behind {@code *Edges} or {@code *Arcs}, whose first two fields are what the table calls the nodes.
     *
     * @param source what errors call the file
     * @param nodes of the table
     * @throws BadDataException naming the line of an unknown heading, or of a label that two vertices have where labels are needed
     */
    static List<Row> edges(String source, List<Row> lines, Set<String> nodes) {
        PajekNetwork network = new PajekNetwork(source);
        network.sort(lines);
        boolean byNumber = network.vertices.stream()
                .allMatch(row -> nodes.contains(row.fields().getFirst()));
        return byNumber ? network.edges : network.labelled();
    }

    private void sort(List<Row> lines) {
        String section = "";
        for (Row row : lines) {
            String first = row.fields().getFirst().toLowerCase(Locale.ROOT);
            if (first.startsWith("*")) {
                section = first;
                if (!Set.of("*edges", "*arcs", "*vertices", "*network").contains(first)) {
                    throw BadDataException.atLine(
                            source, row.line(), "*Vertices, *Edges or *Arcs", "'" + Excerpt.of(first) + "'");
                }
            } else if (section.equals("*edges") || section.equals("*arcs")) {
                edges.add(row);
            } else if (section.equals("*vertices") && row.fields().size() > 1) {
                vertices.add(row);
            }
        }
    }

    private List<Row> labelled() {
        Map<String, String> labels = new HashMap<>();
        Map<String, String> numbers = new HashMap<>();
        for (Row row : vertices) {
            String number = row.fields().getFirst();
            String label = label(row);
            String other = numbers.putIfAbsent(label, number);
            if (other != null) {
                throw BadDataException.atLine(
                        source,
                        row.line(),
                        "a label of its own, as the table calls nodes by their labels",
                        "'" + Excerpt.of(label) + "', which is vertex " + Excerpt.of(other) + " too");
            }
            labels.put(number, label);
        }
        return edges.stream()
                .map(row -> new Row(row.line(), ends(row.fields(), labels)))
                .toList();
    }

    private static List<String> ends(List<String> fields, Map<String, String> labels) {
        return fields.stream()
                .limit(2)
                .map(number -> labels.getOrDefault(number, number))
                .toList();
    }

    /** What stands in quotes behind the number, or the word there. */
    private static String label(Row row) {
        String rest = String.join(" ", row.fields().subList(1, row.fields().size()));
        int end = rest.indexOf('"', 1);
        return rest.startsWith("\"") && end > 0
                ? rest.substring(1, end)
                : row.fields().get(1);
    }
}
