package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.data.BatchOrder;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.ColumnSamples;
import io.ketju.data.column.IntColumn;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.SparseAdam;
import io.ketju.tensor.Shape;
import io.ketju.tensor.random.CounterRandom;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with a table of sparse gradients beside whole ones. */
class SparseRunTest {
    private static final int TOKENS = 40;

    @TempDir
    private Path folder;

    private static ColumnSamples words(String name, int samples, long seed) {
        CounterRandom random = CounterRandom.of(seed, name);
        int[] tokens = new int[samples];
        int[] odd = new int[samples];
        for (int i = 0; i < samples; i++) {
            tokens[i] = random.below(i, TOKENS);
            odd[i] = tokens[i] % 2;
        }
        return new ColumnSamples(name, IntColumn.classes("token", tokens), IntColumn.classes("odd", odd));
    }

    private static JobBuilder job(int epochs) {
        return new JobBuilder()
                .model(ModelText.parse(
                        Shape.of(1),
                        List.of(
                                "input token = int32[]",
                                "table = Embedding(" + TOKENS + ", 6, sparse=true) <- token",
                                "relu = ReLU() <- table",
                                "out = Linear(6, 2) <- relu",
                                "head parity = CrossEntropyLoss() <- out targets odd",
                                "output out")))
                .data(
                        new SampleBatches(words("train", 61, 1), 10, 3, BatchOrder.shuffled(5)),
                        new SampleBatches(words("test", 17, 2), 10, 3, BatchOrder.sequential()))
                .optimizer(new Adam(0.02))
                .epochs(epochs)
                .seed(3)
                .threads(1);
    }

    private static JobBuilder grouped(int epochs) {
        return job(epochs).group("table.*", new SparseAdam(0.05));
    }

    @Test
    void goesOnFromACheckpointWithTheSameBits() {
        String whole = Ketju.fit(grouped(4).build()).stateSha256();
        Path run = folder.resolve("run");
        Ketju.fit(grouped(2).stages(2).runDirectory(run).build());
        assertThat(Ketju.fit(grouped(4).stages(3).threads(2).resume(run).build())
                        .stateSha256())
                .isEqualTo(whole);
    }

    @Test
    void anOptimizerThatDoesNotTakeThemIsRefusedBeforeTheStart() {
        assertThatThrownBy(() -> job(1).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "optimizers: parameter 'table.weight': Adam(lr=0.02) does not take sparse gradients; expected"
                                + " SparseAdam, or SGD or Adagrad without weight_decay: give it a group of its own, or its layer"
                                + " sparse=false");
        assertThatThrownBy(() -> job(1).optimizer(new SparseAdam(0.1)).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith(
                        "optimizers: parameter 'out.weight': SparseAdam(lr=0.1) takes sparse gradients alone");
    }
}
