package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.measure.LearningRateCurve;
import io.ketju.actors.measure.LearningRateSearch;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.deploy.display.LearningRateText;
import io.ketju.deploy.display.Terminal;
import io.ketju.layers.optimizer.LearningRateSchedule;
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
        LearningRateSearch search = search(count);
        files.requireWritable();
        JobSettings settings = settings();
        TrainingJob tested = search.job((first, rising, epochs) -> job(settings, rising, epochs));
        PlannedMemory.requireRoom(tested);
        LearningRateCurve curve = search.run(tested);
        files.writeTable(curve);
        terminal.print(LearningRateText.lines(curve, count, terminal));
        files.draw(tested.name(), curve, terminal);
        return CommandLineInterface.OK;
    }

    /** The job without what a search cannot have; its first rate as it was typed. */
    private JobSettings settings() {
        JobSettings settings = job.settings();
        settings.get(JobKey.OBJECTIVES).ifPresent(setting -> {
            throw setting.expected("none for lr-find, as each has rates of its own");
        });
        for (JobKey other : List.of(
                JobKey.RUN_DIR, JobKey.TRACE, JobKey.EARLY_STOPPING, JobKey.BEST_CHECKPOINT, JobKey.HISTOGRAMS)) {
            settings = settings.without(other);
        }
        return settings.withLearningRate("--min-lr", least);
    }

    private static TrainingJob job(JobSettings settings, LearningRateSchedule rising, int epochs) {
        return JobAssembly.build(
                settings.with(new Setting(JobKey.LEARNING_RATE_SCHEDULE, rising.toString(), "--max-lr"))
                        .with(new Setting(JobKey.EPOCHS, Integer.toString(epochs), "--steps")));
    }

    private int steps() {
        if (!steps.matches("\\d{1,6}")
                || Integer.parseInt(steps) < LearningRateSearch.FEWEST_STEPS
                || Integer.parseInt(steps) > LearningRateSearch.MOST_STEPS) {
            throw new InvalidJobException("--steps: expected a whole number from " + LearningRateSearch.FEWEST_STEPS
                    + " to " + LearningRateSearch.MOST_STEPS + ", found \"" + Excerpt.of(steps) + "\"");
        }
        return Integer.parseInt(steps);
    }

    private LearningRateSearch search(int count) {
        double from = rate("--min-lr", least);
        double to = rate("--max-lr", most);
        if (to <= from) {
            throw new InvalidJobException("--max-lr: expected a rate above that of --min-lr, " + least + ", found \""
                    + Excerpt.of(most) + "\"");
        }
        return new LearningRateSearch(from, to, count);
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
