package io.ketju.examples.staleness;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.CosineAnnealingLR;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.PipeDream2BW;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.plot.Chart;
import io.ketju.plot.SideBySide;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Pipelines without a flush. */
public final class Staleness implements Example {
    @Override
    public String name() {
        return "staleness";
    }

    @Override
    public String question() {
        return "What do old weights cost? Losses of pipelines without a flush";
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public String full() {
        return "the default job, a LeNet on images, in place of the digits";
    }

    @Override
    public void run(Lesson lesson) {
        List<Schedule> schedules = Stream.concat(
                        Stream.of(new OneForwardOneBackward()), Schedules.overlapping().stream())
                .toList();
        Chart losses = new Chart("loss on the training samples", "epoch", "cross entropy").logarithmicY();
        Chart scale = new Chart("accuracy on the test samples", "epoch", "%");
        Chart accuracies = lesson.full() ? scale.between(75, 90) : scale.between(80, 96);
        lesson.print(
                "%-30s%8s  %-8s%12s%12s%10s", "schedule", "updates", "delays", "train loss", "test loss", "accuracy");
        for (Schedule schedule : schedules) {
            TrainingJob job = lesson.full() ? images(schedule) : job(schedule);
            try (Fit fit = Fit.of(job)) {
                double[] train = fit.train("loss");
                lesson.print(
                        "%-30s%8d  %-8s%12.6f%12.4f%8.1f %%",
                        schedule.name(),
                        job.totalSteps(),
                        delays(job),
                        train[train.length - 1],
                        fit.lastTest("loss"),
                        100 * fit.lastTest("accuracy"));
                losses.line(schedule.name(), train);
                accuracies.line(schedule.name(), percent(fit.test("accuracy")));
            }
        }
        lesson.picture("curves", new SideBySide(losses, accuracies));
    }

    // region job
    private static TrainingJob job(Schedule schedule) {
        return Ketju.job()
                .model("mlp(64, 64, 32, 10)")
                .data(DataSource.named("digits"))
                .optimizer(new SGD(0.02).withMomentum(0.9))
                .learningRateSchedule(new ConstantLR())
                .batchSize(32)
                .microbatches(4)
                .stages(3)
                .schedule(schedule)
                .epochs(30)
                .checkpointEveryEpochs(30)
                .seed(1)
                .build();
    }
    // end region

    // region images
    private static TrainingJob images(Schedule schedule) {
        return Ketju.job()
                .model("lenet(16, 32, 128)")
                .data(DataSource.named("fashion-mnist-5k"))
                .optimizer(new Adam(rate(schedule)))
                .learningRateSchedule(new CosineAnnealingLR())
                .batchSize(64)
                .microbatches(8)
                .stages(3)
                .schedule(schedule)
                .epochs(15)
                .checkpointEveryEpochs(15)
                .seed(1)
                .build();
    }

    /** An update after each of eight micro-batches wants a smaller step than one after all of them. */
    private static double rate(Schedule schedule) {
        return switch (schedule) {
            case OneForwardOneBackward() -> 0.002;
            case PipeDream2BW() -> 0.003;
            default -> 0.0005;
        };
    }
    // end region

    /** How many updates old the weights of forwards may be, by stage. */
    private static String delays(TrainingJob job) {
        return job.pipeline()
                .overlap()
                .map(Overlap::delays)
                .orElseGet(() ->
                        IntStream.range(0, job.stages()).mapToObj(stage -> 0).toList())
                .toString()
                .replaceAll("[\\[\\]]", "");
    }

    private static double[] percent(double[] shares) {
        double[] all = new double[shares.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = 100 * shares[i];
        }
        return all;
    }
}
