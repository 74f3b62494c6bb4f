package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.run.SentenceClassifier;
import io.ketju.actors.run.TextContinuation;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Translator;
import io.ketju.data.BadDataException;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.TextFile;
import io.ketju.data.text.UnknownTokens;
import io.ketju.deploy.display.PredictionLines;
import io.ketju.deploy.display.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run on texts says of others: translations or classes of sentences, one in each line, or how it goes on. Tokens that the
 * run does not know are told of, once for each file.
 */
final class TextPredictions {
    private final UsableRun usable;
    private final TextEncoding encoding;
    private final ContinuationOptions options;
    private final Terminal terminal;

    TextPredictions(UsableRun usable, TextEncoding encoding, ContinuationOptions options, Terminal terminal) {
        this.usable = usable;
        this.encoding = encoding;
        this.options = options;
        this.terminal = terminal;
    }

    /** A file with the numbers of the tokens of its sentences, or of its only text. */
    private record Read(Path file, List<String> texts, List<int[]> tokens) {}

    /**
     * All files are read before the first is shown.
     *
     * @param top classes to show
     */
    void print(List<Path> files, int top, WeightsOptions weights) {
        Translator.Search search = options.search();
        TextContinuation.Draw draw = options.draw();
        int length = options.length();
        boolean sentences = usable.inputs().translated().isPresent()
                || !usable.inputs().classNames().isEmpty();
        List<Read> read = files.stream().map(file -> read(file, sentences)).toList();
        try (TrainedModel model = usable.model(weights, terminal)) {
            Optional<TextEncoding> target = usable.inputs().translated();
            if (target.isPresent()) {
                translate(model, target.get(), search, read);
            } else if (sentences) {
                classify(model, top, read);
            } else {
                goOn(model, length, draw, read);
            }
        }
    }

    private Read read(Path file, boolean sentences) {
        String text = TextFile.read(file);
        List<String> texts = sentences ? text.lines().map(String::strip).toList() : List.of(text);
        List<int[]> tokens = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isEmpty()) {
                throw BadDataException.atLine(file.toString(), i + 1, "a sentence", "an empty line");
            }
            tokens.add(encoding.encode(texts.get(i)));
        }
        int[] all = UnknownTokens.all(tokens.toArray(int[][]::new));
        UnknownTokens.requireKnown(file.toString(), encoding, all);
        UnknownTokens.note(file.toString(), encoding, all).forEach(note -> {
            terminal.err().println("note: " + note);
            terminal.err().flush();
        });
        return new Read(file, texts, tokens);
    }

    private void translate(TrainedModel model, TextEncoding target, Translator.Search search, List<Read> read) {
        Translator translator = new Translator(model, target.vocabulary().size(), search);
        read.forEach(
                file -> translator.requireLengths(file.tokens(), file.file().toString()));
        for (Read file : read) {
            terminal.print(List.of(file.file() + ":"));
            terminal.print(translator.translate(file.tokens()).stream()
                    .map(target::decode)
                    .toList());
        }
    }

    private void classify(TrainedModel model, int top, List<Read> read) {
        List<String> names = usable.inputs().classNames();
        SentenceClassifier classifier = new SentenceClassifier(model);
        read.forEach(
                file -> classifier.requireLengths(file.tokens(), file.file().toString()));
        for (Read file : read) {
            List<float[]> classes = classifier.probabilities(file.tokens());
            for (int i = 0; i < classes.size(); i++) {
                terminal.print(PredictionLines.of(file.texts().get(i), classes.get(i), names, top, terminal.unicode()));
            }
        }
    }

    private void goOn(TrainedModel model, int length, TextContinuation.Draw draw, List<Read> read) {
        TextContinuation text;
        try {
            text = new TextContinuation(model, encoding);
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException(usable.directory().path() + ": " + e.getMessage(), e);
        }
        for (Read file : read) {
            String start = file.texts().getFirst();
            terminal.print(List.of(file.file() + ":"));
            terminal.print((start + text.after(start, length, draw)).lines().toList());
        }
    }
}
