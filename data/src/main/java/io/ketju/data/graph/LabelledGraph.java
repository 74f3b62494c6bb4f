package io.ketju.data.graph;

import io.ketju.data.BadDataException;
import io.ketju.data.GraphBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An undirected graph of nodes with features and a class each.
 *
 * @param source what errors call it
 * @param nodes names, in the order of their numbers
 * @param edges pairs of numbers, each once, the smaller first, without loops
 * @param features of all nodes, as many of each
 * @param labels names of the classes of all nodes
 */
record LabelledGraph(
        String source, List<String> nodes, SortedSet<Edge> edges, List<float[]> features, List<String> labels) {
    /** Two nodes. */
    record Edge(int from, int to) implements Comparable<Edge> {
        @Override
        public int compareTo(Edge other) {
            return from != other.from ? Integer.compare(from, other.from) : Integer.compare(to, other.to);
        }
    }

    LabelledGraph {
        nodes = List.copyOf(nodes);
        features = List.copyOf(features);
        labels = List.copyOf(labels);
    }

    /** Names of the classes, sorted. */
    List<String> classes() {
        return List.copyOf(new TreeSet<>(labels));
    }

    /** One feature for each node, its own, where there are no others. */
    static List<float[]> identity(int nodes) {
        List<float[]> features = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            float[] own = new float[nodes];
            own[node] = 1;
            features.add(own);
        }
        return features;
    }

    /** {@code D^(-1/2) (A + I) D^(-1/2)} in compressed rows (Kipf and Welling 2017), and the features. */
    GraphBatches.Graph propagation() {
        int count = nodes.size();
        List<TreeSet<Integer>> neighbours = new ArrayList<>();
        for (int node = 0; node < count; node++) {
            neighbours.add(new TreeSet<>(List.of(node)));
        }
        for (Edge edge : edges) {
            neighbours.get(edge.from()).add(edge.to());
            neighbours.get(edge.to()).add(edge.from());
        }
        int entries = neighbours.stream().mapToInt(TreeSet::size).sum();
        int[] pointers = new int[count + 1];
        int[] columns = new int[entries];
        float[] values = new float[entries];
        int at = 0;
        for (int node = 0; node < count; node++) {
            for (int other : neighbours.get(node)) {
                double degrees = (double) neighbours.get(node).size()
                        * neighbours.get(other).size();
                columns[at] = other;
                values[at] = (float) (1 / Math.sqrt(degrees));
                at++;
            }
            pointers[node + 1] = at;
        }
        int width = features.getFirst().length;
        float[] all = new float[count * width];
        for (int node = 0; node < count; node++) {
            System.arraycopy(features.get(node), 0, all, node * width, width);
        }
        return new GraphBatches.Graph(pointers, columns, values, all);
    }

    /** Numbers of nodes by their names; throws {@link BadDataException} if one comes twice. */
    static Map<String, Integer> numbers(String source, List<String> nodes) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (String node : nodes) {
            if (numbers.put(node, numbers.size()) != null) {
                throw BadDataException.of(source, "each node once", "'" + node + "' twice");
            }
        }
        return numbers;
    }

    @Override
    public String toString() {
        return source + ": " + nodes.size() + " nodes, " + edges.size() + " edges, "
                + Arrays.toString(classes().toArray());
    }
}
