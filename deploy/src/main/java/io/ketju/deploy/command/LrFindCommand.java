package io.ketju.deploy.command;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.measure.LearningRateCurve;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.deploy.display.LearningRateText;
import io.ketju.deploy.display.Terminal;
import io.ketju.layers.optimizer.ExponentialLR;
import io.ketju.tensor.Excerpt;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ketju lr-find}: trains a little at rising learning rates, and says where the loss falls fastest. */
@Command(
        name = "lr-find",
        description = "Look for a learning rate to begin with: train some steps at rising rates; keeps no run.",
        sortOptions = false,
        optionListHeading = "%nOptions (each wins over the job file):%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju lr-find jobs/mlp-digits.conf",
            "  ketju lr-find jobs/mlp-digits.conf --optimizer 'SGD(lr=0.1, momentum=0.9)' --csv rates.csv",
        })
final class LrFindCommand implements Callable<Integer> {
    private static final int MOST_STEPS = 10_000;

    private final Terminal terminal;

    @Mixin
    private final JobOptions job = new JobOptions();

    @Option(names = "--min-lr", paramLabel = "RATE", description = "The first rate; 1e-6 by default.")
    private String least = "1e-6";

    @Option(names = "--max-lr", paramLabel = "RATE", description = "The last rate; 10 by default.")
    private String most = "10";

    @Option(names = "--steps", paramLabel = "N", description = "Steps from one to the other; 100 by default.")
    private String steps = "100";

    @Mixin
    private final CurveOptions files = new CurveOptions();

    LrFindCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int count = steps();
        LearningRateCurve curve = curve(count);
        files.requireWritable();
        TrainingJob tested = job(count, curve);
        PlannedMemory.requireRoom(tested);
        run(tested, count, curve);
        if (curve.points().isEmpty()) {
            throw new TrainingFailedException("the loss was no number from the first step on");
        }
        files.writeTable(curve);
        terminal.print(LearningRateText.lines(curve, count, terminal));
        files.draw(tested.name(), curve, terminal);
        return CommandLineInterface.OK;
    }

    /** The job with rates that rise from step to step, of as many epochs as it takes; it ends when enough is known. */
    private TrainingJob job(int count, LearningRateCurve curve) {
        JobSettings settings = job.settings();
        settings.get(JobKey.OBJECTIVES).ifPresent(setting -> {
            throw setting.expected("none for lr-find, as each has rates of its own");
        });
        for (JobKey other : List.of(
                JobKey.RUN_DIR, JobKey.TRACE, JobKey.EARLY_STOPPING, JobKey.BEST_CHECKPOINT, JobKey.HISTOGRAMS)) {
            settings = settings.without(other);
        }
        JobSettings rising = settings.withLearningRate("--min-lr", least)
                .with(new Setting(
                        JobKey.LEARNING_RATE_SCHEDULE, new ExponentialLR(curve.factor()).toString(), "--max-lr"));
        // How many steps an epoch has only the data says.
        int inOneEpoch = JobAssembly.build(rising.with(new Setting(JobKey.EPOCHS, "1", "--steps")))
                .stepsPerEpoch();
        String epochs = Integer.toString(Math.ceilDiv(count, inOneEpoch));
        return JobAssembly.build(rising.with(new Setting(JobKey.EPOCHS, epochs, "--steps")));
    }

    /** A step that breaks the run when rates are large ends the test as a loss does that is no number. */
    private static void run(TrainingJob job, int count, LearningRateCurve curve) {
        TrainingListener listener = TrainingListener.controlling((event, control) -> {
            if (event instanceof TrainingEvent.StepFinished done) {
                if (done.step() <= count) {
                    curve.add(done.loss());
                }
                if (done.step() >= count || curve.diverged()) {
                    control.stop("enough is known");
                }
            }
        });
        try {
            Ketju.fit(job, listener);
        } catch (TrainingFailedException e) {
            if (e.getCause() != null || !String.valueOf(e.getMessage()).matches("(?s).*(NaN|infinit|Infinity).*")) {
                throw e;
            }
            curve.add(Double.NaN);
        }
    }

    private int steps() {
        if (!steps.matches("\\d{1,6}") || Integer.parseInt(steps) < 10 || Integer.parseInt(steps) > MOST_STEPS) {
            throw new InvalidJobException("--steps: expected a whole number from 10 to " + MOST_STEPS + ", found \""
                    + Excerpt.of(steps) + "\"");
        }
        return Integer.parseInt(steps);
    }

    private LearningRateCurve curve(int count) {
        double from = rate("--min-lr", least);
        double to = rate("--max-lr", most);
        if (to <= from) {
            throw new InvalidJobException("--max-lr: expected a rate above that of --min-lr, " + least + ", found \""
                    + Excerpt.of(most) + "\"");
        }
        return new LearningRateCurve(from, to, count);
    }

    private static double rate(String option, String text) {
        if (text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,2})?|\\.[0-9]{1,9}")) {
            double rate = Double.parseDouble(text);
            if (rate >= Float.MIN_NORMAL && rate <= Float.MAX_VALUE) {
                return rate;
            }
        }
        throw new InvalidJobException(
                option + ": expected a learning rate such as 1e-6, found \"" + Excerpt.of(text) + "\"");
    }
}
