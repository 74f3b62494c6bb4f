package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.Measured;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainingSession;
import io.ketju.data.BadDataException;
import io.ketju.layers.model.ModelText;
import io.ketju.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token, a length or a class that is none is refused at the call, and the session goes on. */
class SessionValuesTest {
    private static JobBuilder words(String loss) {
        return new JobBuilder()
                .model(ModelText.parse(
                        Shape.of(1),
                        List.of(
                                "input tokens = int32[4]",
                                "input lengths = int32[]",
                                "0 = Embedding(7, 5) <- tokens",
                                "1 = LSTM(5, 6, batch_first=True) <- 0, lengths",
                                "2 = Flatten() <- 1:1",
                                "3 = Linear(6, 3) <- 2",
                                "head kind = " + loss + " <- 3 targets kind")))
                .batchSize(4)
                .microbatches(2)
                .threads(1)
                .stepByStep();
    }

    private static Map<String, TensorValues> batch(int token, int length, int kind) {
        return Map.of(
                "tokens", TensorValues.of(new int[] {0, 1, 2, 3, 4, 5, 6, 0, 1, 2, token, 4, 5, 6, 0, 1}, 4, 4),
                "lengths", TensorValues.of(new int[] {4, 0, length, 2}, 4),
                "kind", TensorValues.of(new int[] {0, 1, 2, kind}, 4));
    }

    private static void refused(ThrowingCallable call, String line) {
        assertThatThrownBy(call).isInstanceOf(BadDataException.class).hasMessage(line);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aValueOutOfRangeIsRefusedAtTheCallAndTheSessionGoesOn(int stages) {
        Map<String, TensorValues> sound = batch(3, 1, 2);
        try (TrainingSession session =
                        Ketju.session(words("CrossEntropyLoss()").stages(stages).build());
                TrainingSession untroubled =
                        Ketju.session(words("CrossEntropyLoss()").build())) {
            String token = "batch, 'tokens', sample 2, position 2: expected a token from 0 to 6,"
                    + " which layer 0 Embedding(7, 5) takes, found ";
            refused(() -> session.step(batch(7, 1, 2)), token + 7);
            refused(() -> session.evaluate(batch(-1, 1, 2)), token + -1);
            refused(() -> session.predict(batch(7, 1, 2)), token + 7);
            refused(
                    () -> session.predict(batch(3, 5, 2)),
                    "batch, 'lengths', sample 2: expected a length from 0 to 4,"
                            + " which layer 1 LSTM(5, 6, batch_first=true) takes, found 5");
            String kind = "batch, 'kind', sample 3: expected a class from 0 to 2, or -100 for none,"
                    + " which CrossEntropyLoss() takes, found ";
            refused(() -> session.step(batch(3, 1, 3)), kind + 3);
            refused(() -> session.evaluate(batch(3, 1, -1)), kind + -1);
            Measured first = session.step(sound);
            assertThat(first).isEqualTo(untroubled.step(sound));
            assertThat(session.steps()).isEqualTo(1);
            assertThat(session.stateSha256()).isEqualTo(untroubled.stateSha256());
        }
    }

    @Test
    void whatALossIgnoresOrIsNotReadIsTaken() {
        try (TrainingSession session =
                Ketju.session(words("CrossEntropyLoss(ignore_index=-1)").build())) {
            session.step(batch(3, 1, -1));
            refused(
                    () -> session.step(batch(3, 1, -100)),
                    "batch, 'kind', sample 3: expected a class from 0 to 2, or -1 for none,"
                            + " which CrossEntropyLoss(ignore_index=-1) takes, found -100");
            assertThat(session.predict(batch(3, 1, 17))).hasSize(1);
        }
    }
}
