package io.ketju.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.InputProfile;
import io.ketju.data.Texts;
import io.ketju.data.text.CharacterTokenizer;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Tokenizer;
import io.ketju.data.text.WordTokenizer;
import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.command.UsableRun;
import io.ketju.deploy.command.WeightsOptions;
import io.ketju.deploy.display.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs on a graph and on texts, exported by the command line and computed by onnxruntime. */
class GraphAndTextExportTest {
    private static final int COLUMNS = 100;
    private static final int CONTEXT = 8;
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private final Terminal terminal = new Terminal(stream, stream, false, COLUMNS, true);

    private String ketju(String... arguments) {
        printed.reset();
        int code = CommandLineInterface.execute(terminal, arguments);
        String output = printed.toString(StandardCharsets.UTF_8);
        assertThat(code).as(output).isZero();
        return output;
    }

    /** Features of nodes, and the adjacency in compressed rows. */
    private static final class Graph {
        private final int nodes;
        private final float[] features;
        private final int[] pointers;
        private final int[] columns;
        private final float[] values;

        private Graph(int nodes, int width, int entries) {
            this.nodes = nodes;
            this.features = new float[nodes * width];
            this.pointers = new int[nodes + 1];
            this.columns = new int[entries];
            this.values = new float[entries];
        }

        /** Every node with itself, each row and column by the root of its degree: Kipf and Welling 2017. */
        static Graph of(List<Set<Integer>> neighbours, int width) {
            int nodes = neighbours.size();
            int entries = neighbours.stream().mapToInt(Set::size).sum();
            Graph graph = new Graph(nodes, width, entries);
            int at = 0;
            for (int node = 0; node < nodes; node++) {
                graph.features[node * width + node] = 1;
                for (int other : neighbours.get(node)) {
                    graph.columns[at] = other;
                    graph.values[at++] = (float) (1
                            / Math.sqrt((double) neighbours.get(node).size()
                                    * neighbours.get(other).size()));
                }
                graph.pointers[node + 1] = at;
            }
            return graph;
        }

        Map<String, TensorValues> inputs(int width) {
            Map<String, TensorValues> inputs = new LinkedHashMap<>();
            inputs.put("features", TensorValues.of(features, nodes, width));
            inputs.put("row_pointers", TensorValues.of(pointers, nodes + 1));
            inputs.put("column_indexes", TensorValues.of(columns, columns.length));
            inputs.put("edge_values", TensorValues.of(values, values.length));
            return inputs;
        }
    }

    private static Graph karate() {
        Map<String, Integer> numbers = new HashMap<>();
        List<Set<Integer>> neighbours = new ArrayList<>();
        Texts.karate().nodes().lines().skip(1).forEach(line -> {
            neighbours.add(new TreeSet<>(List.of(numbers.size())));
            numbers.put(line.split("\t", 2)[0], numbers.size());
        });
        Texts.karate().edges().lines().skip(1).forEach(line -> {
            String[] pair = line.split("\t", -1);
            int from = numbers.getOrDefault(pair[0], -1);
            int to = numbers.getOrDefault(pair[1], -1);
            neighbours.get(from).add(to);
            neighbours.get(to).add(from);
        });
        return Graph.of(neighbours, neighbours.size());
    }

    /** Two layers of propagation, in double and as plainly as possible. */
    private static double[] computed(TrainedModel trained, Graph graph, int width) {
        double[] x = new double[graph.features.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = graph.features[i];
        }
        double[] hidden =
                propagated(graph, x, width, trained.parameter("conv1.lin.weight"), trained.parameter("conv1.bias"));
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = Math.max(0, hidden[i]);
        }
        return propagated(
                graph,
                hidden,
                hidden.length / graph.nodes,
                trained.parameter("conv2.lin.weight"),
                trained.parameter("conv2.bias"));
    }

    private static double[] propagated(Graph graph, double[] x, int width, float[] weight, float[] bias) {
        int out = bias.length;
        double[] result = new double[graph.nodes * out];
        for (int node = 0; node < graph.nodes; node++) {
            for (int o = 0; o < out; o++) {
                double sum = bias[o];
                for (int edge = graph.pointers[node]; edge < graph.pointers[node + 1]; edge++) {
                    for (int i = 0; i < width; i++) {
                        sum += graph.values[edge] * x[graph.columns[edge] * width + i] * weight[o * width + i];
                    }
                }
                result[node * out + o] = sum;
            }
        }
        return result;
    }

    @Test
    void aTrainedGraphNetworkTakesItsAdjacencyAsInputs() throws OrtException {
        Path run = folder.resolve("run");
        ketju("train", "../jobs/karate.conf", "--epochs", "20", "--run-dir", run + "");
        Path file = folder.resolve("karate.onnx");
        assertThat(ketju("export", run + "", file + ""))
                .contains("input  row_pointers int32", "input  column_indexes int32", "input  edge_values float");
        Graph graph = karate();
        assertThat(graph.columns).hasSize(190);
        try (TrainedModel trained = UsableRun.open(run).model(new WeightsOptions(), terminal)) {
            float[] found = run(file, graph.inputs(34));
            assertClose(
                    found,
                    trained.outputs(graph.inputs(34)).firstEntry().getValue().floats());
            assertClose(found, floats(computed(trained, graph, 34)));
            int[] clubs = new int[2];
            for (int node = 0; node < graph.nodes; node++) {
                clubs[found[2 * node] > found[2 * node + 1] ? 0 : 1]++;
            }
            assertThat(clubs).doesNotContain(0);

            // Another graph, of fewer nodes: a ring of five.
            List<Set<Integer>> ring = new ArrayList<>();
            for (int node = 0; node < 5; node++) {
                ring.add(new TreeSet<>(List.of(node, (node + 1) % 5, (node + 4) % 5)));
            }
            Graph small = Graph.of(ring, 34);
            assertClose(run(file, small.inputs(34)), floats(computed(trained, small, 34)));
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static void assertClose(float[] found, float[] expected) {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isPositive();
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) Math.abs(found[i] - expected[i]))
                    .as("element %d: %s, %s", i, found[i], expected[i])
                    .isLessThanOrEqualTo(TOLERANCE * largest);
        }
    }

    private static float[] run(Path file, Map<String, TensorValues> inputs) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try (OrtSession session = environment.createSession(file.toString())) {
            for (Map.Entry<String, TensorValues> input : inputs.entrySet()) {
                TensorValues values = input.getValue();
                long[] shape =
                        Arrays.stream(values.shape().toArray()).asLongStream().toArray();
                given.put(
                        input.getKey(),
                        values.type().differentiable()
                                ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(values.floats()), shape)
                                : OnnxTensor.createTensor(environment, IntBuffer.wrap(values.ints()), shape));
            }
            try (OrtSession.Result result = session.run(given)) {
                FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] found = new float[buffer.remaining()];
                buffer.get(found);
                return found;
            }
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    /** Another program needs no more than both files: it writes on by the vocabulary beside the model. */
    @ParameterizedTest
    @ValueSource(strings = {"characters", "words", "'../data/src/test/resources/tokenizer'"})
    void aModelOfTextHasItsVocabularyBesideIt(String tokens) throws IOException, OrtException {
        String text = "the cat sat on the mat, the dog ran to the cat. ".repeat(20);
        Path source = Files.writeString(folder.resolve("t.txt"), text);
        int vocabulary = vocabulary(tokens, text);
        Path run = folder.resolve("run");
        String[] train = {
            "train",
            "--data",
            "text('" + source + "', tokens=" + tokens + ", context=" + CONTEXT + ")",
            "--model",
            "gpt(" + vocabulary + ", " + CONTEXT + ", 1, 2, 16)",
            "--optimizer",
            "Adam(lr=0.02)",
            "--epochs",
            "4",
            "--batch",
            "8",
            "--run-dir",
            run + ""
        };
        ketju(train);
        Path file = folder.resolve("novel.onnx");
        assertThat(ketju("export", run + "", file + "")).contains("novel.inputs.json", "[batch, positions]");
        Path read = Files.createDirectory(folder.resolve("read"));
        Files.copy(folder.resolve("novel.inputs.json"), read.resolve(InputProfile.FILE));
        TextEncoding encoding = InputProfile.read(read).orElseThrow().text().orElseThrow();
        assertThat(encoding.vocabulary().size()).isEqualTo(vocabulary);
        int[] begin = Arrays.copyOf(encoding.encode(text), CONTEXT);
        float[] logits;
        try (TrainedModel trained = UsableRun.open(run).model(new WeightsOptions(), terminal)) {
            String input = trained.model().inputs().getFirst().name();
            Map<String, TensorValues> inputs = Map.of(input, TensorValues.of(begin, 1, CONTEXT));
            logits = run(file, inputs);
            SequencedMap<String, TensorValues> ours = trained.outputs(inputs);
            assertClose(logits, ours.firstEntry().getValue().floats());
        }
        int next = 0;
        int last = logits.length - vocabulary;
        for (int token = 1; token < vocabulary; token++) {
            next = logits[last + token] > logits[last + next] ? token : next;
        }
        assertThat(encoding.decode(begin) + encoding.decode(next)).isNotEmpty();
        assertThat(next).isEqualTo(encoding.encode(text)[CONTEXT]);
    }

    private static int vocabulary(String tokens, String text) {
        if (tokens.startsWith("'")) {
            return 340;
        }
        Tokenizer tokenizer = tokens.equals("words") ? new WordTokenizer(true) : new CharacterTokenizer();
        return TextEncoding.of(tokenizer, text, 1).vocabulary().size();
    }

    @Test
    void aModelThatTranslatesHasBothVocabularies() throws IOException {
        Path source = Files.writeString(
                folder.resolve("pairs.tsv"), "the cat\tdie Katze\nthe dog\tder Hund\na cat\teine Katze\n".repeat(8));
        Path run = folder.resolve("run");
        String data = "pairs('" + source + "', test=3)";
        String[] train = {
            "train",
            "--data",
            data,
            "--model",
            "seq2seq(8, 9, 4, 5, 6)",
            "--epochs",
            "1",
            "--batch",
            "4",
            "--microbatches",
            "2",
            "--run-dir",
            run + ""
        };
        ketju(train);
        ketju("export", run + "", folder.resolve("both.onnx") + "");
        assertThat(Files.readString(folder.resolve("both.inputs.json")))
                .contains("\"text\":{\"tokens\":\"words\"", "\"translated\":{\"tokens\":\"words\"", "\"katze\"");
    }
}
