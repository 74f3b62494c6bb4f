package io.ketju.data.graph;

import io.ketju.data.BadDataException;
import io.ketju.data.graph.LabelledGraph.Edge;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Reads graphs from text: a table of nodes and a list of edges. Fields stand apart by tabs, commas or spaces.
 *
 * <pre>
 * nodes            edges                Cora's .content                  .cites        Pajek's .net
 * node   club      source  target       31336  0  1 ... 0  Neural_Nets   35  1033      *Vertices 2
 * 1      hi        1       2            1061   0  0 ... 1  Rule_Learning 35  103482    1 "one"
 * 2      officer   1       3                                                           2 "two"
 *                                                                                      *Edges
 *                                                                                      1 2
 * </pre>
 *
 * <p>Of a table of nodes the first column is their name and the last their class; those between are numbers, its features. A
 * heading is known by its first field, {@code node} or {@code source}. A node without other columns has one feature, its own. Vertices of Pajek are called
 * by their numbers in the table of nodes, or else by their labels.
 */
public final class GraphFiles {
    private static final int MOST_NODES = 1_000_000;

    private GraphFiles() {}

    /** One line of a file. */
    record Row(int line, List<String> fields) {}

    /**
     * A graph of two texts.
     *
     * @param nodesSource what errors call the table of nodes
     * @param edgesSource what errors call the list of edges
     * @throws BadDataException naming the line of a node that is none, of an edge to no node, or of a feature that is no number
     */
    static LabelledGraph read(String nodesSource, String nodesText, String edgesSource, String edgesText) {
        List<Row> rows = rows(nodesText, "node");
        if (rows.isEmpty() || rows.size() > MOST_NODES) {
            throw BadDataException.of(nodesSource, "1 to " + MOST_NODES + " nodes", "" + rows.size());
        }
        int width = rows.getFirst().fields().size();
        List<String> nodes = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        List<float[]> features = new ArrayList<>();
        for (Row row : rows) {
            if (row.fields().size() != width || width < 2) {
                throw BadDataException.atLine(
                        nodesSource,
                        row.line(),
                        width < 2 ? "a node and its class" : Plural.of(width, "field") + " as in the first line",
                        "" + row.fields().size());
            }
            nodes.add(row.fields().getFirst());
            labels.add(row.fields().getLast());
            features.add(features(nodesSource, row));
        }
        Map<String, Integer> numbers = LabelledGraph.numbers(nodesSource, nodes);
        return new LabelledGraph(
                nodesSource,
                nodes,
                edges(edgesSource, edgesText, numbers),
                width == 2 ? LabelledGraph.identity(nodes.size()) : features,
                labels);
    }

    private static float[] features(String source, Row row) {
        List<String> fields = row.fields().subList(1, row.fields().size() - 1);
        float[] features = new float[fields.size()];
        for (int i = 0; i < features.length; i++) {
            try {
                features[i] = Float.parseFloat(fields.get(i));
            } catch (NumberFormatException e) {
                features[i] = Float.NaN;
            }
            if (!Float.isFinite(features[i])) {
                throw BadDataException.atLine(
                        source, row.line(), "a number as feature " + (i + 1), "'" + Excerpt.of(fields.get(i)) + "'");
            }
        }
        return features;
    }

    private static SortedSet<Edge> edges(String source, String text, Map<String, Integer> numbers) {
        boolean pajek = text.stripLeading().startsWith("*");
        List<Row> rows = pajek ? PajekNetwork.edges(source, rows(text, ""), numbers.keySet()) : rows(text, "source");
        SortedSet<Edge> edges = new TreeSet<>();
        for (Row row : rows) {
            if (row.fields().size() < 2) {
                throw BadDataException.atLine(
                        source, row.line(), "two nodes", Plural.of(row.fields().size(), "field"));
            }
            int from = node(source, row, 0, numbers);
            int to = node(source, row, 1, numbers);
            if (from != to) {
                edges.add(new Edge(Math.min(from, to), Math.max(from, to)));
            }
        }
        if (edges.isEmpty()) {
            throw BadDataException.of(source, "at least 1 edge", "none");
        }
        return edges;
    }

    private static int node(String source, Row row, int field, Map<String, Integer> numbers) {
        Integer number = numbers.get(row.fields().get(field));
        if (number == null) {
            throw BadDataException.atLine(
                    source,
                    row.line(),
                    "an edge between nodes of the table",
                    "'" + Excerpt.of(row.fields().get(field)) + "', which is none of the " + numbers.size());
        }
        return number;
    }

    /** All lines that are not empty, without a heading that begins with this word. */
    private static List<Row> rows(String text, String heading) {
        List<String> lines = text.lines().toList();
        return IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).isBlank()
                        && !lines.get(i).startsWith("#")
                        && !lines.get(i).startsWith("%"))
                .mapToObj(i -> new Row(i + 1, List.of(lines.get(i).strip().split("\\s*[\t,]\\s*|\\s+", -1))))
                .filter(row -> heading.isEmpty() || !row.fields().getFirst().equalsIgnoreCase(heading))
                .toList();
    }
}
