package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.WordNeighbours;
import io.ketju.data.text.TextEncoding;
import io.ketju.deploy.display.Terminal;
import io.ketju.layers.model.zoo.Word2Vec;
import io.ketju.tensor.Excerpt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju neighbors}: which words a saved run has near to each other. */
@Command(
        name = "neighbors",
        description = "Show which words have vectors near to that of a word, by the cosine of their angle.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju neighbors runs/skip-gram-1 night mother",
            "  ketju neighbors runs/skip-gram-1 --analogy man:he:woman"
        })
final class NeighborsCommand implements Callable<Integer> {
    private static final int ANALOGY = 3;

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "RUN", description = "Folder of the run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path run;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "WORD", description = "Words of the run's text.")
    private List<String> words = List.of();

    @Option(
            names = "--analogy",
            paramLabel = "A:B:C",
            description = "What is to C as B is to A: words near to B - A + C. May be given several times.")
    private List<String> analogies = List.of();

    @Option(names = "--top", paramLabel = "N", defaultValue = "10", description = "Words to show; 10 by default.")
    private String top = "10";

    @Option(
            names = "--parameter",
            paramLabel = "NAME",
            defaultValue = Word2Vec.VECTORS + ".weight",
            description = "The table of vectors; " + Word2Vec.VECTORS + ".weight by default.")
    private String parameter = Word2Vec.VECTORS + ".weight";

    @Mixin
    private final WeightsOptions weights = new WeightsOptions();

    NeighborsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int most = ContinuationOptions.whole("--top", top, 1);
        List<List<String>> sums =
                analogies.stream().map(NeighborsCommand::parts).toList();
        if (words.isEmpty() && sums.isEmpty()) {
            throw new InvalidJobException("expected a WORD or --analogy A:B:C, found neither");
        }
        UsableRun usable = UsableRun.open(run);
        TextEncoding encoding = usable.inputs()
                .text()
                .orElseThrow(() -> new InvalidJobException(run + ": expected a run on a text, found one on inputs "
                        + usable.inputs().shape()));
        try (TrainedModel model = usable.model(weights, terminal)) {
            WordNeighbours neighbours = new WordNeighbours(encoding, vectors(model));
            List<String> lines = new ArrayList<>();
            words.forEach(word -> lines.addAll(shown(word, neighbours.of(word, most))));
            for (List<String> parts : sums) {
                String title = parts.get(1) + " - " + parts.get(0) + " + " + parts.get(2);
                List<String> added = List.of(parts.get(1), parts.get(2));
                lines.addAll(shown(title, neighbours.of(added, List.of(parts.get(0)), most)));
            }
            terminal.print(lines);
        }
        return CommandLineInterface.OK;
    }

    private float[] vectors(TrainedModel model) {
        if (!model.parameterNames().contains(parameter)) {
            throw new InvalidJobException("--parameter: expected one of " + Excerpt.of(model.parameterNames())
                    + ", found \"" + Excerpt.of(parameter) + "\"");
        }
        return model.parameter(parameter);
    }

    private static List<String> parts(String analogy) {
        List<String> parts = List.of(analogy.split(":", -1));
        if (parts.size() != ANALOGY || parts.stream().anyMatch(String::isBlank)) {
            throw new InvalidJobException(
                    "--analogy: expected three words, A:B:C, found \"" + Excerpt.of(analogy) + "\"");
        }
        return parts;
    }

    private static List<String> shown(String title, List<WordNeighbours.Neighbour> neighbours) {
        List<String> lines = new ArrayList<>(List.of(title));
        int width = neighbours.stream()
                .mapToInt(neighbour -> neighbour.word().length())
                .max()
                .orElse(1);
        for (WordNeighbours.Neighbour neighbour : neighbours) {
            lines.add(String.format(Locale.ROOT, "  %-" + width + "s  %6.3f", neighbour.word(), neighbour.cosine()));
        }
        return lines;
    }
}
