package io.ketju.deploy.command;

import io.ketju.actors.job.DataForms;
import io.ketju.actors.run.Evaluation;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TranslationScores;
import io.ketju.actors.run.Translator;
import io.ketju.data.Dataset;
import io.ketju.data.Datasets;
import io.ketju.data.InputProfile;
import io.ketju.deploy.display.BleuText;
import io.ketju.deploy.display.ConfusionText;
import io.ketju.deploy.display.EvaluationJson;
import io.ketju.deploy.display.Terminal;
import io.ketju.records.text.JobHeader;
import io.ketju.records.text.MetricText;
import io.ketju.records.text.Units;
import io.ketju.tensor.Plural;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju evaluate}: the test samples through a saved run's newest weights. */
@Command(
        name = "evaluate",
        description = "Measure loss and metrics of a saved run on its test samples, or on others.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju evaluate runs/fashion-lenet-1",
            "  ketju evaluate runs/mnist-1 --data ~/mnist",
            "  ketju evaluate runs/houses-1 --data sold-in-may.csv"
        })
final class EvaluateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "RUN", description = "Folder of the run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path run;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description =
                    "Other data with test samples: a known name, a folder of IDX files, a .tgz; of a run on a table a .csv"
                            + " with the same columns, all rows of it; of a run on a text, pairs or lines such a text file.")
    private @Nullable String data;

    @Mixin
    private final WeightsOptions weights = new WeightsOptions();

    @Option(names = "--threads", paramLabel = "N", description = "Compute threads; all processors by default.")
    private @Nullable String threads;

    @Mixin
    private final SearchOptions search = new SearchOptions();

    @Option(names = "--json", description = "Print one line of JSON in place of text.")
    private boolean json;

    EvaluateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Optional<InputProfile> profile = InputProfile.read(run);
        boolean known = data == null || Datasets.NAMES.contains(data) || DataForms.isForm(data);
        boolean reads = profile.filter(
                        kept -> kept.table().isPresent() || kept.text().isPresent())
                .isPresent();
        String rows = reads && !known ? data : null;
        SavedRun saved = SavedRun.open(run, rows == null ? data : null, threads);
        Dataset opened = rows == null
                ? saved.job().data().test()
                : new OtherData(profile.orElseThrow(), saved.job().data().train()).read(Path.of(rows));
        Dataset test = profile.map(kept -> OtherData.fitting(kept, opened)).orElse(opened);
        try (TrainedModel model = saved.model(weights, terminal)) {
            long start = System.nanoTime();
            Evaluation evaluation = model.evaluate(test);
            Optional<TranslationScores> scores = test.translations()
                    .map(pairs -> TranslationScores.of(model, pairs, search.search(Translator.MOST_TOKENS)));
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            if (json) {
                terminal.print(List.of(EvaluationJson.of(
                        evaluation,
                        test.name(),
                        test.classNames(),
                        scores.map(found -> found.all().value()))));
            } else {
                terminal.print(text(saved, evaluation, test, time));
                scores.ifPresent(found -> terminal.print(BleuText.lines(found, search.beam())));
            }
        }
        return CommandLineInterface.OK;
    }

    private List<String> text(SavedRun saved, Evaluation evaluation, Dataset test, Duration time) {
        List<String> lines = new ArrayList<>();
        lines.add("Evaluated " + weights.file().orElse(run) + " on " + Units.count(evaluation.samples()) + " "
                + Plural.word(evaluation.samples(), "sample") + " of " + test.name());
        lines.addAll(new MetricText(saved.job().model().heads()).fields(evaluation.metrics()));
        lines.add(JobHeader.field("time") + Units.duration(time));
        lines.addAll(ConfusionText.lines(evaluation.metrics(), test.classNames(), terminal));
        return lines;
    }
}
