package io.ketju.tensor.kernel.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.sparse.CsrMatrix;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Samples;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Vector kernels against the scalar ones, bit for bit, on one thread and on three. Runs at every vector width. */
class VocabularyVectorTest {
    private static final int TOKENS = 50;
    private static final int NONE = -100;

    private final TensorCore core = TensorCore.open(new TensorCoreOptions(3, KernelChoice.VECTOR));
    private final TensorArena arena = new TensorArena(16 << 20);
    private final VocabularyKernels scalar = new ScalarVocabulary();
    private final List<VocabularyKernels> vectors =
            List.of(new VectorVocabulary(new InlineTiles()), core.kernels().vocabulary());

    @AfterEach
    void close() {
        core.close();
        arena.close();
    }

    @Test
    void drawsTheSameTokensFromAnyIndexOn() {
        TokenShares shares = new TokenShares(ints(TOKENS), ints(TokenShares.GUIDES));
        for (int token = 0; token < TOKENS; token++) {
            shares.upTo().setInt(token, (int) ((token + 1.0) / TOKENS * Integer.MAX_VALUE));
        }
        shares.guide();
        CounterRandom random = CounterRandom.of(0x8123_4567_89ab_cdefL, "draws");
        for (int count : List.of(0, 1, 2, 7, 16, 33, 5000)) {
            for (long first : List.of(0L, 1L, 6L, (1L << 33) - 3)) {
                Tensor expected = ints(count);
                scalar.draw(shares, random, first, expected);
                for (VocabularyKernels vector : vectors) {
                    Tensor tokens = ints(count);
                    vector.draw(shares, random, first, tokens);
                    assertThat(ints(tokens)).as(count + " from " + first).isEqualTo(ints(expected));
                }
            }
        }
    }

    @Test
    void listsTheSame() {
        for (int each : List.of(1, 10)) {
            for (int others : List.of(0, 1, 5)) {
                Choices choices = choices(each, others, 300);
                Lists expected = new Lists(choices);
                scalar.choose(choices, expected.starts, expected.chosen, expected.labels);
                for (VocabularyKernels vector : vectors) {
                    Lists found = new Lists(choices);
                    vector.choose(choices, found.starts, found.chosen, found.labels);
                    assertThat(ints(found.starts)).isEqualTo(ints(expected.starts));
                    assertThat(ints(found.chosen)).isEqualTo(ints(expected.chosen));
                    assertThat(found.labels.toFloats()).isEqualTo(expected.labels.toFloats());
                }
            }
        }
    }

    @Test
    void scoresAndScalesTheSame() {
        for (int width : Samples.AWKWARD_SIZES) {
            int rows = 11 + width % 19;
            Choices choices = choices(7, 3, rows);
            Lists lists = new Lists(choices);
            scalar.choose(choices, lists.starts, lists.chosen, lists.labels);
            try (Samples samples = new Samples(width)) {
                same(lists, samples, samples.normal(rows, width), samples.normal(TOKENS, width));
                same(lists, samples, samples.wild(rows, width), samples.wild(TOKENS, width));
            }
        }
    }

    private void same(Lists lists, Samples samples, Tensor x, Tensor table) {
        int rows = x.shape().dimension(0);
        int count = lists.starts.getInt(rows);
        Tensor labels = lists.labels.samples(0, count);
        Tensor losses = samples.dirty(Shape.of(rows));
        CsrMatrix expected = lists.matrix(samples.dirty(Shape.of(count)));
        CsrMatrix scaled = lists.matrix(samples.dirty(Shape.of(count)));
        scalar.score(expected, labels, x, table, losses);
        scalar.scale(scaled, expected.values(), losses);
        for (VocabularyKernels vector : vectors) {
            Tensor found = samples.dirty(losses.shape());
            CsrMatrix slopes = lists.matrix(samples.dirty(Shape.of(count)));
            vector.score(slopes, labels, x, table, found);
            samples.assertSameBits("losses", found, losses);
            samples.assertSameBits("slopes", slopes.values(), expected.values());
            CsrMatrix products = lists.matrix(samples.dirty(Shape.of(count)));
            vector.scale(products, slopes.values(), found);
            samples.assertSameBits("scaled", products.values(), scaled.values());
        }
    }

    /** Some targets are none where there are several, and some others are the target. */
    private Choices choices(int each, int others, int rows) {
        CounterRandom random = CounterRandom.of(each, "choices " + others);
        Tensor targets = ints(rows * each);
        Tensor given = ints(rows * each * others);
        for (int i = 0; i < targets.elements(); i++) {
            boolean none = each > 1 && (random.below(3L * i, 4) == 0 || i < each);
            targets.setInt(i, none ? NONE : random.below(3L * i + 1, TOKENS));
        }
        for (int i = 0; i < given.elements(); i++) {
            boolean same = random.below(3L * i, 5) == 0 && targets.getInt(i / others) != NONE;
            given.setInt(i, same ? targets.getInt(i / others) : random.below(3L * i + 2, TOKENS));
        }
        return new Choices(rows, targets, each > 1 ? OptionalInt.of(NONE) : OptionalInt.empty(), given);
    }

    private Tensor ints(int count) {
        return arena.allocate(DType.INT32, Shape.of(count));
    }

    private static int[] ints(Tensor tensor) {
        return IntStream.range(0, tensor.elements()).map(tensor::getInt).toArray();
    }

    /** What is listed, with room for all. */
    private final class Lists {
        final Tensor starts;
        final Tensor chosen;
        final Tensor labels;

        Lists(Choices choices) {
            int most = choices.targets().elements() + choices.others().elements();
            starts = ints(choices.rows() + 1);
            chosen = ints(most);
            labels = arena.allocate(Shape.of(most));
        }

        CsrMatrix matrix(Tensor values) {
            int rows = starts.elements() - 1;
            return new CsrMatrix(rows, TOKENS, starts, chosen.samples(0, values.elements()), values);
        }
    }
}
