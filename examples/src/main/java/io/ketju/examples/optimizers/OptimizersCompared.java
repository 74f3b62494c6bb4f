package io.ketju.examples.optimizers;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.plot.Chart;
import java.util.List;
import java.util.stream.IntStream;

/** Example 11. */
public final class OptimizersCompared implements Example {
    private static final int EPOCHS = 20;
    private static final List<Integer> TOLD = List.of(1, 5, EPOCHS);

    /** Each with a rate that is usual for it. */
    private static final List<String> SETTINGS = List.of(
            "SGD(lr=0.2)",
            "SGD(lr=0.05, momentum=0.9)",
            "SGD(lr=0.05, momentum=0.9, nesterov=true)",
            "Adagrad(lr=0.05)",
            "RMSprop(lr=0.002)",
            "Adadelta(lr=1.0)",
            "Adam(lr=0.005)",
            "AdamW(lr=0.005)",
            "NAdam(lr=0.005)",
            "RAdam(lr=0.005)",
            "Lion(lr=0.0005)");

    @Override
    public String name() {
        return "optimizers";
    }

    @Override
    public String question() {
        return "Which optimizer? The same network and samples, eleven ways to take a step";
    }

    @Override
    public String full() {
        return "all of MNIST";
    }

    /** Eleven runs. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        DataSource digits = lesson.data("digits", "mnist");
        lesson.print("%-44s%7s%27s%10s", "", "numbers", "train loss in epoch", "test");
        lesson.print("%-44s%7s%9d%9d%9d%10s", "optimizer", "kept", TOLD.get(0), TOLD.get(1), TOLD.get(2), "accuracy");
        Chart chart = new Chart("Training loss", "epoch", "cross entropy").logarithmicY();
        for (String setting : SETTINGS) {
            Optimizer optimizer = Optimizers.parse(setting);
            try (Fit fit = Fit.of(job(digits, optimizer))) {
                double[] losses = fit.train("loss");
                lesson.print(
                        "%-44s%7d%9.4f%9.4f%9.4f%8.1f %%",
                        setting,
                        optimizer.states().size(),
                        losses[TOLD.get(0) - 1],
                        losses[TOLD.get(1) - 1],
                        losses[TOLD.get(2) - 1],
                        100 * fit.lastTest("accuracy"));
                draw(chart, setting.replaceFirst("\\(lr=[^,)]*(, )?", "(").replace("()", ""), losses);
            }
        }
        lesson.picture("losses", chart);
        lesson.print("");
        Traffic.lines(job(digits, Optimizers.parse("Adam(lr=0.005)"))).forEach(line -> lesson.print("%s", line));
    }

    /** Charts have ten colours; Lion's would be that of the first, so it is dashed. */
    private static void draw(Chart chart, String name, double[] losses) {
        if (name.equals("Lion")) {
            chart.reference(
                    name, IntStream.rangeClosed(1, EPOCHS).asDoubleStream().toArray(), losses);
        } else {
            chart.line(name, losses);
        }
    }

    // region job
    private static TrainingJob job(DataSource digits, Optimizer optimizer) {
        return Ketju.job()
                .model("mlp(" + digits.train().inputShape().elements() + ", 64, 10)")
                .data(digits)
                .optimizer(optimizer)
                .batchSize(32)
                .microbatches(2)
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .seed(1)
                .build();
    }
    // end region
}
