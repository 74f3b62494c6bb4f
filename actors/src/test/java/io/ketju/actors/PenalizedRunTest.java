package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.data.BatchTensors;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.layers.optimizer.Penalty.Norm;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.core.TensorCore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose weights cost something, as actors. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PenalizedRunTest {
    /** Of {@link SmallJobs#tiny}, which has 6 layers. */
    private static final List<Integer> FOUR = List.of(0, 1, 3, 5, 6);

    @TempDir
    private Path folder;

    private static JobBuilder job() {
        return SmallJobs.tiny().penalties(new Penalty(Norm.L2, 0.01), new Penalty("3.*", Norm.L1, 0.003));
    }

    /** The state's hash, and what every step told. */
    private static List<Object> run(JobBuilder job) {
        List<Object> told = new ArrayList<>();
        TrainingListener listener = event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                told.add(step.metrics());
            }
        };
        try (Training training = Ketju.start(job.build(), listener)) {
            TrainingResult result = training.await();
            told.addAll(List.of(result.stateSha256(), result.train(), result.test()));
        }
        return told;
    }

    @Test
    void everyCutAndPlacementPaysTheSame() {
        for (UnaryOperator<JobBuilder> more : List.<UnaryOperator<JobBuilder>>of(
                job -> job, job -> job.clipGradNorm(0.2), job -> job.freeze("1.*"))) {
            List<Object> whole = run(more.apply(job()));
            assertThat(run(more.apply(job()).stages(2))).isEqualTo(whole);
            assertThat(run(more.apply(job()).stageBounds(FOUR))).isEqualTo(whole);
            assertThat(run(more.apply(job())
                            .stageBounds(FOUR)
                            .schedule(new GPipe())
                            .placement(Placement.looped(2, 2))))
                    .isEqualTo(whole);
        }
    }

    /** What a step tells is what the weights before it cost; tests tell nothing. */
    @Test
    void thePenaltyIsToldBesideTheLoss() {
        TrainingJob job = job().build();
        double[] first = {0};
        TrainingListener listener = event -> {
            if (event instanceof TrainingEvent.StepFinished step && step.step() == 1) {
                first[0] = step.metrics().get("penalty").orElseThrow();
            }
        };
        try (Training training = Ketju.start(job().stages(3).build(), listener);
                TensorCore core = TensorCore.open(1);
                InProcessRunner runner = new InProcessRunner(job.pipeline().onOneStage(), core)) {
            TrainingResult result = training.await();
            double expected = 0;
            for (String name : job.model().weights()) {
                for (Penalty penalty : job.pipeline().recipe().rules().penalties()) {
                    if (penalty.matches(name)) {
                        expected += penalty.value(
                                core.kernels(),
                                Objects.requireNonNull(runner.tensors().get(name), name));
                    }
                }
            }
            assertThat(first[0]).isEqualTo(expected).isPositive();
            assertThat(result.train().get("penalty").orElseThrow()).isPositive();
            assertThat(result.test().get("penalty")).isEmpty();
        }
    }

    /** For plain SGD an L2 penalty is a weight decay of twice its factor, to the last bit where the factor is a power of two. */
    @Test
    void forPlainSgdItIsWeightDecay() {
        JobBuilder decayed = SmallJobs.tiny().optimizer(new SGD(0.1).withWeightDecay(0.0625));
        JobBuilder penalized = SmallJobs.tiny().optimizer(new SGD(0.1)).penalties(new Penalty("*", Norm.L2, 0.03125));
        assertThat(Ketju.fit(penalized.stages(2).build()).stateSha256())
                .isEqualTo(Ketju.fit(decayed.build()).stateSha256());
    }

    /** Both halves of a step are told together. */
    @Test
    void aGanPaysForBoth() {
        TrainingJob job =
                SmallGan.job(2).penalties(new Penalty(Norm.L1, 0.001)).stages(3).build();
        try (TensorCore core = TensorCore.open(1);
                InProcessRunner runner = new InProcessRunner(job.pipeline().onOneStage(), core);
                BatchTensors tensors = new BatchTensors(job.train())) {
            for (long step = 1; step <= job.totalSteps(); step++) {
                runner.train(0, step, tensors.read(job.train().plan(step - 1)));
                runner.train(1, step, tensors.read(job.train().plan(step - 1)));
            }
            assertThat(Ketju.fit(job).stateSha256()).isEqualTo(runner.stateHash());
        }
        assertThat(run(SmallGan.job(2).penalties(new Penalty(Norm.L1, 0.001))))
                .isEqualTo(run(
                        SmallGan.job(2).penalties(new Penalty(Norm.L1, 0.001)).stages(3)));
    }

    @Test
    void aStoppedRunGoesOnToTheSameBits() {
        Path run = folder.resolve("run");
        try (Training training = Ketju.start(job().runDirectory(run).stages(2).build())) {
            training.stop("enough");
            training.await();
        }
        assertThat(Ketju.fit(job().resume(run).stages(3).build()).stateSha256())
                .isEqualTo(Ketju.fit(job().build()).stateSha256());
        assertThatThrownBy(() -> Ketju.start(SmallJobs.tiny().resume(run).build()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("is a checkpoint of another job");
    }

    @Test
    void penaltiesBelongToTheNumbers() {
        assertThat(List.of(
                        JobHash.numbers(SmallJobs.tiny().build()),
                        JobHash.numbers(job().build()),
                        JobHash.numbers(SmallJobs.tiny()
                                .penalties(new Penalty(Norm.L2, 0.01))
                                .build()),
                        JobHash.numbers(SmallJobs.tiny()
                                .penalties(new Penalty(Norm.L1, 0.01))
                                .build())))
                .doesNotHaveDuplicates();
    }

    @Test
    void namesOfNothingThatLearnsAreRefused() {
        assertThatThrownBy(() -> SmallJobs.tiny()
                        .freeze("1.*")
                        .penalties(new Penalty("1.*", Norm.L2, 0.1))
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("penalties: '1.*' matches none of the 4 parameters");
    }
}
