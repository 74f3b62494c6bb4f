package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.run.SavedModels;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.weights.Rename;
import io.ketju.actors.weights.Strictness;
import io.ketju.actors.weights.WeightMapping;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Weights of another file for a run that is evaluated or predicts, and how they become those of its model. */
public final class WeightsOptions {
    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Weights of this .safetensors file in place of the run's newest checkpoint.")
    private @Nullable Path file;

    @Option(
            names = "--weights-fit",
            paramLabel = "FIT",
            completionCandidates = JobOptions.Fits.class,
            description =
                    "How exactly the file's tensors must be the model's: ${COMPLETION-CANDIDATES}. lenient lets some be"
                            + " missing or left over, partial takes what fits; the run's newest checkpoint gives the others.")
    private @Nullable String fit;

    @Option(
            names = "--weights-rename",
            paramLabel = "A=B,..",
            description =
                    "What the file's tensors are called here: module.= takes a prefix away, 'fc.*=head.*' renames.")
    private @Nullable String rename;

    @Option(
            names = "--best",
            description =
                    "The weights of the run's best epoch, of a job that keeps it (best-checkpoint, early-stopping).")
    private boolean best;

    /** The checkpoint whose weights are asked for. Throws {@link InvalidJobException} if there is none. */
    Checkpoint checkpoint(RunDirectory directory) {
        return best ? directory.best() : directory.given(SavedRun.newest(directory));
    }

    /** Whether {@code model.safetensors} in the run's folder holds the weights that are asked for. */
    boolean givesModelFile() {
        return !best;
    }

    Optional<Path> file() {
        if (file != null && best) {
            throw new InvalidJobException("--best: expected no --weights beside it, found " + file);
        }
        if (file == null && (fit != null || rename != null)) {
            throw new InvalidJobException((fit == null ? "--weights-rename" : "--weights-fit")
                    + ": expected --weights FILE beside it, found none");
        }
        return Optional.ofNullable(file);
    }

    /** The mapping that is asked for. */
    WeightMapping mapping() {
        Strictness strictness =
                fit == null ? Strictness.STRICT : said("--weights-fit", () -> Strictness.parse(String.valueOf(fit)));
        List<Rename> renames = rename == null
                ? List.of()
                : said(
                        "--weights-rename",
                        () -> Arrays.stream(String.valueOf(rename).split(",", -1))
                                .map(Rename::parse)
                                .toList());
        return new WeightMapping(strictness, renames);
    }

    private static <T> T said(String option, Supplier<T> body) {
        try {
            return body.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException(option + ": " + e.getMessage(), e);
        }
    }

    /** The model of a saved run with the file's weights. */
    TrainedModel of(SavedRun run, Path weights) {
        WeightMapping mapping = mapping();
        return mapping.strictness() == Strictness.STRICT
                ? SavedModels.weights(run.job(), weights, mapping)
                : SavedModels.over(run.job(), newest(run.directory()), weights, mapping);
    }

    /** The model of a run that predicts with the file's weights. */
    TrainedModel of(UsableRun run, Path weights) {
        WeightMapping mapping = mapping();
        return mapping.strictness() == Strictness.STRICT
                ? SavedModels.weights(run.source(), run.loss(), weights, mapping.renames())
                : SavedModels.over(run.source(), run.loss(), run.inputs(), newest(run.directory()), weights, mapping);
    }

    private Path newest(RunDirectory directory) {
        return checkpoint(directory).directory();
    }
}
