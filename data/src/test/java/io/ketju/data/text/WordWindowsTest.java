package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.data.ConstantBatches.Constant;
import io.ketju.data.TrainTest;
import io.ketju.data.text.WordWindows.Form;
import io.ketju.data.text.WordWindows.Window;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WordWindowsTest {
    /** Numbers: a 4, b 5, c 6; x comes once. */
    private static final String TEXT = "a a a a b b b c c x ".repeat(1);

    private static TrainTest windows(String text, boolean skipGram, Window window, double sample, int minCount) {
        TextSplit split = TextSplit.of("t", text, 0.3, train -> new WordTokenizer(true), minCount);
        Form form = new Form(skipGram, window, sample, 1);
        return WordWindows.of("t", split, form, counts -> new Constant(TensorType.ints(1), new int[] {counts.length}));
    }

    private static int[] read(BatchSource source, String port) {
        BatchPlan plan = source.plan(0);
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Tensor tensor = arena.allocate(Objects.requireNonNull(
                    plan.microbatches().getFirst().types().get(port)));
            source.copy(plan, 0, port, tensor);
            int[] values = new int[tensor.elements()];
            Arrays.setAll(values, tensor::getInt);
            return values;
        }
    }

    @Test
    void aWordIsToldFromThoseAroundIt() {
        TrainTest data = windows("a b c a b c a b a b", false, new Window(2, 1, 1), 0, 1);
        BatchSource source = data.train().batches("", "", 3, 1, BatchOrder.sequential());
        int a = 4;
        int b = 5;
        int c = 6;
        assertThat(read(source, "target")).containsExactly(a, b, c);
        assertThat(read(source, "context")).containsExactly(0, 0, b, 0, a, c, a, b, a);
    }

    @Test
    void skipGramTellsThoseAroundAWord() {
        TrainTest data = windows("a b c a b c a b a b", true, new Window(1, 1, 2), 0, 1);
        BatchSource source = data.train().batches("", "", 2, 1, BatchOrder.sequential());
        assertThat(read(source, "word")).containsExactly(4, 6);
        assertThat(read(source, "targets")).containsExactly(-100, 5, 5, 4);
        assertThat(data.train().size()).isEqualTo(4);
    }

    @Test
    void rareWordsAreLeftOutBeforeWindowsAreCut() {
        TrainTest data = windows("a x b a y b a b a z a b a b a b", true, new Window(1, 1, 1), 0, 2);
        BatchSource source = data.train().batches("", "", 3, 1, BatchOrder.sequential());
        assertThat(read(source, "word")).containsExactly(4, 5, 4);
        assertThat(data.train().notes().getFirst()).contains("are rare");
    }

    @Test
    void frequentWordsAreLeftOutAtRandomByTheSeed() {
        String text = "a a a a a a a a a b ".repeat(300);
        int all = windows(text, true, new Window(1, 1, 1), 0, 1).train().size();
        TrainTest sampled = windows(text, true, new Window(1, 1, 1), 0.05, 1);
        // a: √(0.05 / 0.9) + 0.05 / 0.9 of 0.9; b: all of 0.1.
        double expected = (0.9 * (Math.sqrt(0.05 / 0.9) + 0.05 / 0.9) + 0.1) * all;
        assertThat((double) sampled.train().size()).isBetween(0.9 * expected, 1.1 * expected);
        assertThat(sampled.train().identity())
                .isEqualTo(windows(text, true, new Window(1, 1, 1), 0.05, 1)
                        .train()
                        .identity());
    }

    @Test
    void howOftenWordsComeIsAConstant() {
        BatchSource source = windows("a a b a b a a a b b", true, new Window(1, 1, 1), 0, 1)
                .train()
                .batches("", "", 2, 1, BatchOrder.sequential());
        assertThat(source.ports()).contains(BatchPort.constant("counts", TensorType.ints(6)));
        try (TensorArena arena = new TensorArena(1 << 10)) {
            Tensor counts = arena.allocate(TensorType.ints(6));
            source.copyConstant("counts", counts);
            assertThat(List.of(counts.getInt(0), counts.getInt(3), counts.getInt(4), counts.getInt(5)))
                    .containsExactly(0, 0, 5, 2);
        }
    }

    @Test
    void aTextWithoutWordsThatAreKnownIsRefused() {
        assertThatThrownBy(() -> windows(TEXT, true, new Window(1, 1, 1), 0, 9))
                .isInstanceOf(BadDataException.class)
                .hasMessage("t/train: expected a token that the vocabulary has, found none of 7");
    }
}
