package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.data.text.CharacterTokenizer;
import io.ketju.data.text.TextEncoding;
import io.ketju.layers.model.IncrementalModel;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.zoo.Models;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token at a time gives the bits of the whole sequence at every position, and so the same translations and texts. */
class GrowingSequencesTest {
    private static final int LONGEST = 12;
    private static final int VOCABULARY = 23;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "transformer(19, 23, 12, d_model=16, nhead=4, num_encoder_layers=2, num_decoder_layers=3, dim_feedforward=24)",
                "transformer(19, 23, 12, d_model=24, nhead=1, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=8, dropout=0.2)",
                "seq2seq(19, 23, 12, embedding=8, hidden=12)",
                "seq2seq(19, 23, 12, embedding=9, hidden=12, cell=gru)",
                "seq2seq(19, 23, 12, embedding=8, hidden=20, cell=lstm)",
                "seq2seq(19, 23, 12, embedding=8, hidden=12, attention=true)",
                "seq2seq(19, 23, 12, embedding=8, hidden=17, cell=gru, attention=true)"
            })
    void positionsOfTranslationsHaveTheBitsOfTheWhole(String name) {
        positionsHaveTheBitsOfTheWhole(Models.named(name), name, 1);
    }

    /** @param shortest a model that is not told the lengths of sources sees their padding: let there be none */
    private static void positionsHaveTheBitsOfTheWhole(Model graph, String name, int shortest) {
        Random random = new Random(7);
        try (TrainedModel model = model(graph);
                GrowingSequences sequences = growing(model, "tgt", 9)) {
            List<int[]> sources = new ArrayList<>();
            List<int[]> told = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int length = shortest + random.nextInt(LONGEST + 1 - shortest);
                sources.add(random.ints(length, 4, 19).toArray());
                told.add(new int[0]);
            }
            sequences.begin(inputs(model, sources, List.of()), 5);
            for (int t = 0; t < LONGEST; t++) {
                int[] next = random.ints(told.size(), 0, VOCABULARY).toArray();
                for (int i = 0; i < next.length; i++) {
                    int[] longer = Arrays.copyOf(told.get(i), t + 1);
                    longer[t] = next[i];
                    told.set(i, longer);
                }
                float[] whole = model.outputs(inputs(model, sources, told))
                        .firstEntry()
                        .getValue()
                        .floats();
                assertThat(sequences.next(next)).as(name + ", position " + t).isEqualTo(last(whole, next.length, t));
                int[] chosen =
                        random.ints(1 + random.nextInt(9), 0, told.size()).toArray();
                if (t % 3 == 1) {
                    sequences.choose(chosen);
                    sources = Arrays.stream(chosen).mapToObj(sources::get).toList();
                    told = new ArrayList<>(
                            Arrays.stream(chosen).mapToObj(told::get).toList());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "transformer(19, 23, 12, d_model=16, nhead=2, num_encoder_layers=1, num_decoder_layers=2, dim_feedforward=24)",
                "seq2seq(19, 23, 12, embedding=8, hidden=12, cell=gru, attention=true)",
                "seq2seq(19, 23, 12, embedding=8, hidden=12, cell=lstm)"
            })
    void translationsAreThoseOfTheSlowWay(String name) {
        Random random = new Random(11);
        List<int[]> sentences = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sentences.add(random.ints(1 + random.nextInt(LONGEST), 4, 19).toArray());
        }
        try (TrainedModel model = model(name)) {
            for (int beam : new int[] {1, 4}) {
                Translator.Search search = new Translator.Search(beam, LONGEST);
                List<int[]> slow = new Translator(model, VOCABULARY, search, true).translate(sentences);
                List<int[]> fast = new Translator(model, VOCABULARY, search).translate(sentences);
                assertThat(fast).as(name + ", beam " + beam).hasSize(20);
                for (int i = 0; i < slow.size(); i++) {
                    assertThat(fast.get(i)).as(name + ", sentence " + i).isEqualTo(slow.get(i));
                }
                assertThat(slow.stream().mapToInt(tokens -> tokens.length).max().orElse(0))
                        .isGreaterThan(3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt(31, 10, 2, 2, 16)",
                "language_model(31, 10, 8, 12, cell=lstm, num_layers=2)",
                "language_model(31, 10, 8, 12, cell=gru)"
            })
    void textsGoOnAsInTheSlowWayAlsoBeyondTheContext(String name) {
        TextEncoding encoding =
                TextEncoding.of(new CharacterTokenizer(), "the quick brown fox jumps over the lazy dog", 1);
        try (TrainedModel model = model(name);
                GrowingSequences sequences = growing(model, "input", 1)) {
            assertThat(sequences.length()).isZero();
            TextContinuation.Draw draw = new TextContinuation.Draw(1.3, 0, 3);
            for (String text : new String[] {"t", "the fox", "the lazy brown dog"}) {
                String slow = new TextContinuation(model, encoding, true).after(text, 25, draw);
                assertThat(new TextContinuation(model, encoding).after(text, 25, draw))
                        .as(name + ", " + text)
                        .isEqualTo(slow)
                        .isNotEmpty();
            }
        }
    }

    /** Cells of this decoder are none of its outputs, and padding cannot be told from what is looked at both ways. */
    @Test
    void modelsThatMustSeeAllOfASequenceSaySo() {
        try (TrainedModel model = model("seq2seq(19, 23, 12, embedding=8, hidden=12, cell=lstm, attention=true)")) {
            assertThat(model.growing("tgt", "tgt_lengths", 1)).isEmpty();
            assertThat(model.growing("src", "src_lengths", 1)).isEmpty();
            assertThat(model.growing("nothing", "", 1)).isEmpty();
        }
        try (TrainedModel model = model("transformer(19, 23, 12, d_model=16, nhead=4)")) {
            assertThat(model.growing("src", "src_lengths", 1)).isEmpty();
        }
    }

    /** A mask of what grows would have to grow as well, if anything read it; one that nothing reads is in nobody's way. */
    @Test
    void aMaskThatIsReadIsInTheWay() {
        List<String> lines = List.of(
                "input src = int32[12]",
                "input tgt = int32[12]",
                "input tgt_mask = int32[12]",
                "read = Embedding(19, 8) <- src",
                "states = GRU(8, 8, batch_first=true) <- read",
                "x = Embedding(23, 8) <- tgt",
                "norm = RMSNorm(8) <- x",
                "scaled = Scale(0.5) <- norm",
                "product = Mul() <- scaled, x",
                "both = Concat(dim=-1) <- product, norm",
                "half = GLU() <- both",
                "y = GRU(8, 8, batch_first=true) <- half, states:1",
                "looked = ScaledDotProductAttention(2) <- y, states, states",
                "attended = ScaledDotProductAttention(2%s) <- looked, looked, looked%s",
                "logits = Linear(8, 23) <- attended",
                "head loss = CrossEntropyLoss(class_dim=-1) <- logits targets target",
                "output logits");
        String text = String.join("\n", lines);
        Model unread = ModelText.parse(
                Shape.of(), text.formatted(", is_causal=true", "").lines().toList());
        Model read = ModelText.parse(
                Shape.of(),
                text.formatted(", is_causal=true, key_padding_mask=true", ", tgt_mask")
                        .lines()
                        .toList());
        assertThat(IncrementalModel.of(read, "tgt", "")).isEmpty();
        assertThat(IncrementalModel.of(unread, "tgt", "")).isPresent();
        positionsHaveTheBitsOfTheWhole(unread, "a graph", LONGEST);
    }

    private static float[] last(float[] whole, int rows, int position) {
        float[] last = new float[rows * VOCABULARY];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(whole, (row * (position + 1) + position) * VOCABULARY, last, row * VOCABULARY, VOCABULARY);
        }
        return last;
    }

    private static Map<String, TensorValues> inputs(TrainedModel model, List<int[]> sources, List<int[]> told) {
        Map<String, TensorValues> inputs = new HashMap<>();
        new Sentences(sources).addTo(inputs, model.model(), "src", "src_lengths", "src_mask");
        if (!told.isEmpty()) {
            new Sentences(told).addTo(inputs, model.model(), "tgt", "tgt_lengths", "tgt_mask");
        }
        return inputs;
    }

    private static GrowingSequences growing(TrainedModel model, String input, int most) {
        return model.growing(input, "tgt_lengths", most).orElseThrow();
    }

    private static TrainedModel model(String name) {
        return model(Models.named(name));
    }

    private static TrainedModel model(Model graph) {
        TrainedModel model = new TrainedModel(graph, new TestSet(4, 1, 1), 2, KnownInputs.none());
        model.initialize(5);
        return model;
    }
}
