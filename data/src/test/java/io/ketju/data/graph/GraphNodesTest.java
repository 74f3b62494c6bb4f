package io.ketju.data.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.GraphBatches;
import io.ketju.data.Texts;
import io.ketju.data.TrainTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphNodesTest {
    private static final String NODES = "node club\n1 a\n2 a\n3 b\n";

    @Test
    void theKarateClubHas34MembersAnd78Pairs() {
        GraphNodes.Texts texts = Texts.karate();
        LabelledGraph graph = GraphFiles.read("n", texts.nodes(), "e", texts.edges());
        assertThat(graph.nodes()).hasSize(34);
        assertThat(graph.edges()).hasSize(78);
        assertThat(graph.labels()).filteredOn("hi"::equals).hasSize(17);
        TrainTest data = GraphNodes.of("karate", texts, new GraphNodes.Known(List.of("1", "34"), 1, 0));
        assertThat(data.train().notes()).containsExactly("karate/train: 2 nodes of 34 count, in a graph of 78 edges");
        assertThat(data.test().notes()).containsExactly("karate/test: 32 nodes of 34 count, in a graph of 78 edges");
    }

    /** Of the path 1 - 2 - 3 with loops: degrees 2, 3, 2. */
    @Test
    void edgesAreNormalizedByTheDegreesOfBothEnds() {
        GraphBatches.Graph graph =
                GraphFiles.read("n", NODES, "e", "1 2\n3 2\n2 1\n2 2\n").propagation();
        assertThat(graph.rowPointers()).containsExactly(0, 2, 5, 7);
        assertThat(graph.columnIndexes()).containsExactly(0, 1, 0, 1, 2, 1, 2);
        float half = 0.5f;
        float third = (float) (1 / Math.sqrt(9));
        float mixed = (float) (1 / Math.sqrt(6));
        assertThat(graph.values()).containsExactly(half, mixed, mixed, third, mixed, mixed, half);
        assertThat(graph.features()).containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 1);
    }

    @Test
    void corasTablesAndPajeksListsAreRead() {
        LabelledGraph cora =
                GraphFiles.read("c", "31336\t0\t1\tNN\n1061\t1\t0.5\tRL\n", "e", "31336\t1061\n1061\t31336\n");
        assertThat(cora.edges()).hasSize(1);
        assertThat(cora.features().get(1)).containsExactly(1, 0.5f);
        assertThat(cora.classes()).containsExactly("NN", "RL");
        LabelledGraph pajek = GraphFiles.read("n", NODES, "e", "*Vertices 3\n1 \"one\"\n*Edges\n1 2\n2 3 1.0\n");
        assertThat(pajek.edges()).hasSize(2);
    }

    /** The order of the vertices is not that of the table, so only labels give these edges. */
    @Test
    void aTableCallsPajeksVerticesByTheirLabelsToo() {
        String edges = "*Vertices 3\n1 \"carl\" 0.1 0.2\n2 \"anna\"\n3 bert\n*Edges\n1 2\n*Arcs\n3 1 1.0\n";
        LabelledGraph labels = GraphFiles.read("n", "anna hi\nbert hi\ncarl mr\n", "e", edges);
        assertThat(labels.edges()).containsExactly(new LabelledGraph.Edge(0, 2), new LabelledGraph.Edge(1, 2));
        LabelledGraph numbers = GraphFiles.read("n", "3 hi\n2 hi\n1 mr\n", "e", edges);
        assertThat(numbers.edges()).containsExactly(new LabelledGraph.Edge(0, 2), new LabelledGraph.Edge(1, 2));
    }

    @Test
    void asManyOfEachClassAreDrawnAsAreWanted() {
        TrainTest one = GraphNodes.of("karate", Texts.karate(), new GraphNodes.Known(List.of(), 4, 1));
        TrainTest two = GraphNodes.of("karate", Texts.karate(), new GraphNodes.Known(List.of(), 4, 2));
        assertThat(one.train().notes().getFirst()).contains("8 nodes of 34");
        assertThat(one.train().identity()).isNotEqualTo(two.train().identity());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    1 a;2 a;3 b | 1 2;3 9   | e, line 2: expected an edge between nodes of the table, found '9', which is none of the 3
                    1 a;2 a;3 b | 1         | e, line 1: expected two nodes, found 1 field
                    1 a;2 a;3 b | 1 1       | e: expected at least 1 edge, found none
                    1 a;1 b     | 1 1       | n: expected each node once, found '1' twice
                    1 a;2 x b   | 1 2       | n, line 2: expected 2 fields as in the first line, found 3
                    1 x a;2 3 b | 1 2       | n, line 1: expected a number as feature 1, found 'x'
                    1;2         | 1 2       | n, line 1: expected a node and its class, found 1
                    1 a;2 a     | 1 2       | n: expected at least 2 classes, found 1
                    a x;b y     | *Vertices 2;1 "a";2 "a";*Edges;1 2 | e, line 3: expected a label of its own, as the table calls nodes by their labels, found 'a', which is vertex 1 too
                    a x;b y     | *Vertices 2;1 "a";2 "c";*Edges;1 2 | e, line 5: expected an edge between nodes of the table, found 'c', which is none of the 2
                    1 a;2 b     | *Foo;1 2  | e, line 1: expected *Vertices, *Edges or *Arcs, found '*foo'
                    """)
    void mistakesAreNamedByTheirLine(String nodes, String edges, String line) {
        GraphNodes.Texts texts = new GraphNodes.Texts("n", nodes.replace(';', '\n'), "e", edges.replace(';', '\n'));
        assertThatThrownBy(() -> GraphNodes.of("g", texts, new GraphNodes.Known(List.of(), 1, 0)))
                .isInstanceOf(BadDataException.class)
                .hasMessage(line);
    }

    @Test
    void aKnownNodeThatIsNoneIsNamed() {
        assertThatThrownBy(() -> GraphNodes.of("g", Texts.karate(), new GraphNodes.Known(List.of("35"), 1, 0)))
                .hasMessage("embedded karate/nodes.tsv: expected the node '35', whose class is to be known,"
                        + " found no such node");
    }
}
