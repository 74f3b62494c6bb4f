package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainingSession;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.MeasuredLoss;
import io.ketju.layers.loss.Reported;
import io.ketju.layers.optimizer.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What the caller of a session reports, as a return, comes to listeners with the step, as what windows measure does. */
class ReportedMetricsTest {
    private static final List<String> METRICS = List.of("return", "accuracy");

    @Test
    void listenersHearItWithTheStepThatFollows() {
        List<Measured> told = new ArrayList<>();
        List<Measured> returned = new ArrayList<>();
        List<Map<String, TensorValues>> batches =
                HandedOver.batches(SmallJobs.tiny().build().train(), 4);
        try (TrainingSession session = session(told)) {
            session.report("return", 1);
            session.report("return", 21.5);
            returned.add(session.step(batches.get(0)));
            session.evaluate(batches.get(1));
            returned.add(session.step(batches.get(1)));
            session.report("return", -3);
            session.evaluate(batches.get(1));
            returned.add(session.step(batches.get(2)));
            session.step(batches.get(3));
            session.checkpoint();
        }
        assertThat(returned)
                .extracting(measured -> measured.get("return"))
                .containsExactly(OptionalDouble.of(21.5), OptionalDouble.empty(), OptionalDouble.of(-3));
        assertThat(told.subList(0, 3)).isEqualTo(returned);
        assertThat(told.getFirst().values()).containsKeys("loss", "accuracy", "return");
    }

    @Test
    void theLearningRateOfTheStepIsToldBesideIt() {
        List<Map<String, Double>> rates = new ArrayList<>();
        try (TrainingSession session =
                Ketju.session(reporting().optimizer(new SGD(0.25)).build(), event -> {
                    if (event instanceof TrainingEvent.StepFinished step) {
                        rates.add(step.learningRates());
                    }
                })) {
            for (Map<String, TensorValues> batch :
                    HandedOver.batches(SmallJobs.tiny().build().train(), 2)) {
                session.report("return", 1);
                session.step(batch);
            }
            session.checkpoint();
        }
        assertThat(rates).containsExactly(Map.of("learning_rate", 0.25), Map.of("learning_rate", 0.25));
    }

    @Test
    void itChangesNothingThatIsLearnt() {
        List<Map<String, TensorValues>> batches =
                HandedOver.batches(SmallJobs.tiny().build().train(), 4);
        String reported;
        try (TrainingSession session = session(new ArrayList<>())) {
            session.report("return", 7);
            batches.forEach(session::step);
            reported = session.stateSha256();
        }
        try (TrainingSession session =
                Ketju.session(SmallJobs.tinyWithoutData().stepByStep().build())) {
            batches.forEach(session::step);
            assertThat(reported).isEqualTo(session.stateSha256());
        }
    }

    @Test
    void whatNoLossNamesIsRefused() {
        try (TrainingSession session = session(new ArrayList<>())) {
            assertThatThrownBy(() -> session.report("retrun", 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no metric 'retrun' that is reported; the model's losses have [return]");
            assertThatThrownBy(() -> session.report("accuracy", 1))
                    .hasMessage("no metric 'accuracy' that is reported; the model's losses have [return]");
            assertThatThrownBy(() -> session.report("return", Double.NaN))
                    .hasMessage("metric 'return': expected a finite number, found NaN");
        }
    }

    private static JobBuilder reporting() {
        return SmallJobs.tinyWithoutData()
                .loss(new MeasuredLoss(new CrossEntropyLoss(), Reported.RETURN))
                .metrics(METRICS)
                .stages(2)
                .stepByStep();
    }

    private static TrainingSession session(List<Measured> told) {
        return Ketju.session(reporting().build(), event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                told.add(step.metrics());
            }
        });
    }
}
