package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.linear.Bias;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.Blocks;
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
import java.util.Arrays;
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
 * Every block between learning neighbours, cut in its middle and into as many stages as it has layers: the bits of one stage.
 * The rows are those of the blocks' own tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlockCutsTest {
    private static final Path ROWS = Path.of("..", "layers", "src", "test", "resources", "cases", "blocks");
    private static final int SAMPLES = 5;
    private static final int MICROBATCHES = 2;
    private static final int STEPS = 2;
    private static final long SEED = 19;

    private TensorCore core;

    @BeforeAll
    void open() {
        core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
    }

    @AfterAll
    void close() {
        core.close();
    }

    /** Those of which a sample is an outermost dimension. */
    static List<String> rows() throws IOException {
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROWS)) {
            for (Path file : files.sorted().toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.contains("pointers"))
                        .forEach(rows::add);
            }
        }
        return rows;
    }

    /** The block in a model, and what that is given. */
    private record Surrounded(Model model, Map<String, RowOperand> batch) {
        static Surrounded of(String row) {
            String[] parts = row.split("\\|", -1);
            List<RowOperand> operands = Arrays.stream(parts[1].split(";", -1))
                    .map(RowOperand::parse)
                    .toList();
            int samples = operands.getFirst().type().shape().dimension(0);
            ModelBuilder builder = new ModelBuilder();
            Map<String, RowOperand> batch = new LinkedHashMap<>();
            List<Value> inputs = new ArrayList<>();
            for (int i = 0; i < operands.size(); i++) {
                RowOperand operand = operands.get(i);
                batch.put("x" + i, operand);
                Value input = builder.input(operand.input("x" + i, samples));
                inputs.add(
                        operand.learnable()
                                ? builder.add(
                                        "before" + i,
                                        new Bias(operand.type().shape().dimension(-1)),
                                        input)
                                : input);
            }
            List<Value> outputs = Blocks.REGISTRY.parse(parts[0].strip()).in(builder.inside("block"), inputs);
            for (int i = 0; i < outputs.size(); i++) {
                batch.put("t" + i, new RowOperand(builder.type(outputs.get(i)), "", 1, false));
                builder.head("loss" + i, new MSELoss(), List.of(outputs.get(i)), "t" + i)
                        .output(outputs.get(i));
            }
            return new Surrounded(builder.build(), batch);
        }

        Map<String, Tensor> fill(TensorArena arena, Random random) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            batch.forEach((name, operand) -> {
                boolean whole =
                        model.inputs().stream().anyMatch(input -> input.name().equals(name) && !input.batched());
                tensors.put(name, operand.fill(arena, whole ? 0 : SAMPLES, random));
            });
            return tensors;
        }

        List<Partition> partitions() {
            int end = model.nodes().size();
            return List.of(
                    new Partition(List.of(0, end / 2, end)),
                    new Partition(IntStream.rangeClosed(0, end).boxed().toList()));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void cutsWithinTheBlockTrainTheSameBits(String row) {
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
            GraphTraining training = new GraphTraining(model, groups, batches, SAMPLES, MICROBATCHES, SEED);
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
