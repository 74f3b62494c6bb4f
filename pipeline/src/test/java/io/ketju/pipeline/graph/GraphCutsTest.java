package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.linear.Bias;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.Blocks;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.SplitBackward;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every layer and block of graphs between learning neighbours, whose one micro-batch is the whole graph: cut at each place, and
 * into as many stages as there are layers, they train the bits of one stage. The rows are those of their own tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GraphCutsTest {
    private static final Path CASES = Path.of("..", "layers", "src", "test", "resources", "cases");
    private static final int STEPS = 2;
    private static final long SEED = 23;

    private TensorCore core;

    @BeforeAll
    void open() {
        core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
    }

    @AfterAll
    void close() {
        core.close();
    }

    /** Those that read a graph, or bags that offsets make of one list. */
    static List<String> rows() throws IOException {
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.walk(CASES)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.contains("pointers") || line.contains("offsets"))
                        .filter(line -> !line.contains("large"))
                        .forEach(rows::add);
            }
        }
        assertThat(rows).hasSizeGreaterThan(20);
        return rows;
    }

    /** The layer or block in a model, and what that is given. */
    private record Surrounded(Model model, int nodes, Map<String, RowOperand> batch) {
        static Surrounded of(String row) {
            String[] parts = row.split("\\|", -1);
            List<RowOperand> operands = RowOperand.all(parts[1]);
            ModelBuilder builder = new ModelBuilder();
            Map<String, RowOperand> batch = new LinkedHashMap<>();
            List<Value> inputs = new ArrayList<>();
            for (int i = 0; i < operands.size(); i++) {
                RowOperand operand = operands.get(i);
                batch.put("x" + i, operand);
                Value input = builder.input(Input.whole("x" + i, operand.type()));
                inputs.add(operand.learnable() ? learning(builder, "before" + i, input) : input);
            }
            String text = parts[0].strip();
            String name = text.substring(0, text.indexOf('('));
            Value output = Layers.names().contains(name)
                    ? builder.add("layer", Layers.parse(text), inputs.toArray(Value[]::new))
                    : Blocks.REGISTRY
                            .parse(text)
                            .in(builder.inside("block"), inputs)
                            .getFirst();
            Value behind = learning(builder, "behind", output);
            batch.put("t", new RowOperand(builder.type(behind), "", 1, false));
            Model model = builder.head("loss", new MSELoss(), List.of(behind), "t")
                    .output(behind)
                    .build();
            return new Surrounded(model, builder.type(behind).shape().dimension(0), batch);
        }

        private static Value learning(ModelBuilder builder, String name, Value input) {
            return builder.add(name, new Bias(builder.type(input).shape().dimension(-1)), input);
        }

        Map<String, Tensor> fill(TensorArena arena, Random random) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            batch.forEach((name, operand) -> tensors.put(name, operand.fill(arena, 0, random)));
            return tensors;
        }

        List<Partition> partitions() {
            int end = model.nodes().size();
            List<Partition> partitions = new ArrayList<>(GraphTraining.oneCut(model));
            partitions.add(new Partition(IntStream.rangeClosed(0, end).boxed().toList()));
            return partitions;
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void noCutChangesABit(String row) {
        Surrounded surrounded = Surrounded.of(row);
        Model model = surrounded.model();
        assertThat(ModelText.parse(model.inputShape(), ModelText.print(model))).isEqualTo(model);
        Random random = new Random(SEED);
        try (TensorArena arena = new TensorArena(1 << 17)) {
            List<Map<String, Tensor>> batches = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                batches.add(surrounded.fill(arena, random));
            }
            ParameterGroups groups = new ParameterGroups(List.of(), new SGD(0.01).withMomentum(0.9));
            GraphTraining training = new GraphTraining(model, groups, batches, surrounded.nodes(), 1, SEED);
            Partition whole = new Partition(List.of(0, model.nodes().size()));
            String expected = training.staged(whole, new OneForwardOneBackward(), core);
            for (Partition partition : surrounded.partitions()) {
                for (Schedule schedule : List.of(new OneForwardOneBackward(), new SplitBackward(true))) {
                    assertThat(training.staged(partition, schedule, core))
                            .as("%s, %s, %s", row, partition, schedule)
                            .isEqualTo(expected);
                }
            }
        }
    }
}
