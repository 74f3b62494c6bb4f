package io.ketju.actors.job;

import io.ketju.data.Texts;
import io.ketju.data.TrainTest;
import io.ketju.data.archive.ArchivedFiles;
import io.ketju.data.graph.GraphNodes;
import io.ketju.data.text.TextFile;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Graphs as data of a job file. */
final class GraphForms {
    static final Entry<TrainTest> GRAPH = Description.of("graph", "One graph, some of whose nodes have a known class")
            .required(
                    "source",
                    "karate, or the path in quotes of a list of edges (tabs, commas, spaces; Pajek), or of a folder, .zip or .tgz"
                            + " with a .content and a .cites")
            .namedDerived("nodes", "none", "the path of the table of nodes: name, features, class")
            .namedDerived("known", "drawn", "names of the nodes whose class is known while it is learnt: (1, 34)")
            .named("per_class", 20, "how many nodes of each class are drawn where none are named")
            .named("seed", 0, "which nodes those are")
            .formula("edge_values = D^(-1/2) (A + I) D^(-1/2)")
            .shapes(
                    "constants features [nodes, features], row_pointers, column_indexes, edge_values; target int32 [nodes]")
            .use("GCNConv and its like")
            .readBy(GraphForms::graph);

    private static final String CONTENT = ".content";
    private static final String CITES = ".cites";

    private GraphForms() {}

    private static TrainTest graph(Arguments arguments) {
        String source = DataForms.unquoted(arguments.word("source"));
        List<String> known = arguments.text("known").isPresent()
                ? arguments.parts("known").stream().map(DataForms::unquoted).toList()
                : List.of();
        GraphNodes.Known choice = new GraphNodes.Known(
                known,
                TextForms.within(arguments, "per_class", 1, Integer.MAX_VALUE),
                TextForms.within(arguments, "seed", 0, Integer.MAX_VALUE));
        return GraphNodes.of(TextForms.title(source), texts(source, arguments), choice);
    }

    private static GraphNodes.Texts texts(String source, Arguments arguments) {
        if (source.equals("karate")) {
            return Texts.karate();
        }
        Path path = ImageForms.path(source);
        boolean both = arguments.text("nodes").isEmpty() && ArchivedFiles.isArchive(path);
        if (Files.isDirectory(path) || both) {
            Map<String, TextFile.Named> found = TextFile.only(path, List.of(CONTENT, CITES));
            TextFile.Named content = Objects.requireNonNull(found.get(CONTENT));
            TextFile.Named cites = Objects.requireNonNull(found.get(CITES));
            return new GraphNodes.Texts(content.source(), content.text(), cites.source(), cites.text());
        }
        Path nodes = ImageForms.path(DataForms.unquoted(arguments.word("nodes")));
        return new GraphNodes.Texts(nodes.toString(), TextFile.read(nodes), source, TextFile.read(path));
    }
}
