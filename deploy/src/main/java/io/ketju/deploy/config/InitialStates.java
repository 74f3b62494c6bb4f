package io.ketju.deploy.config;

import io.ketju.actors.checkpoint.RunState;
import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.InitialState.Kind;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.weights.Rename;
import io.ketju.actors.weights.Strictness;
import io.ketju.actors.weights.WeightMapping;
import io.ketju.tensor.Plural;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a job starts from. A job that was written by a run names its digest: a new run must find the same; the run
 * itself, when it goes on or is looked at, needs no more than the digest, and the files may be gone.
 */
final class InitialStates {
    private InitialStates() {}

    /**
     * @param recorded whether a digest that the settings name is enough
     */
    static Optional<InitialState> of(JobSettings settings, boolean recorded) {
        Optional<Setting> init = settings.get(JobKey.INIT);
        Optional<Setting> from = settings.get(JobKey.FROM);
        if (init.isPresent() && from.isPresent()) {
            throw new InvalidJobException(from.get().where() + ": from: expected either init or from, found both");
        }
        requireBeside(settings, JobKey.INIT, JobKey.INIT_SHA256);
        requireBeside(settings, JobKey.INIT, JobKey.INIT_FIT);
        requireBeside(settings, JobKey.INIT, JobKey.INIT_RENAME);
        requireBeside(settings, JobKey.FROM, JobKey.FROM_SHA256);
        requireBeside(settings, JobKey.FROM, JobKey.FROM_STEPS);
        if (init.isPresent()) {
            return Optional.of(state(settings, init.get(), Kind.WEIGHTS, JobKey.INIT_SHA256, recorded));
        }
        return from.map(setting -> state(settings, setting, Kind.RUN, JobKey.FROM_SHA256, recorded));
    }

    private static InitialState state(
            JobSettings settings, Setting setting, Kind kind, JobKey digest, boolean recorded) {
        Path path = setting.check(() -> JobAssembly.path(setting.text()));
        Optional<String> sha256 = settings.get(digest).map(InitialStates::digest);
        Optional<Long> steps = settings.get(JobKey.FROM_STEPS).map(given -> (long) given.wholeNumber(0));
        WeightMapping mapping = mapping(settings);
        if (recorded && sha256.isPresent()) {
            return kind == Kind.WEIGHTS
                    ? InitialState.recordedWeights(path, sha256.get(), mapping)
                    : InitialState.recordedRun(path, sha256.get(), steps.orElse(0L));
        }
        InitialState found =
                setting.check(() -> kind == Kind.WEIGHTS ? InitialState.weights(path, mapping) : RunState.at(path));
        sha256.filter(expected -> !expected.equals(found.sha256())).ifPresent(expected -> {
            throw new InvalidJobException(setting.where() + ": " + setting.key().path() + ": " + path
                    + " is not what it was: expected SHA-256 " + expected + ", found " + found.sha256() + "; remove "
                    + digest.path() + " to take it as it is now");
        });
        steps.filter(expected -> expected != found.optimizerSteps()).ifPresent(expected -> {
            throw new InvalidJobException(setting.where() + ": " + setting.key().path() + ": " + path
                    + " is not what it was: expected a state of " + Plural.of(expected, "step") + ", found one of "
                    + found.optimizerSteps() + "; remove " + JobKey.FROM_STEPS.path() + " to take it as it is now");
        });
        return found;
    }

    private static WeightMapping mapping(JobSettings settings) {
        Strictness strictness = settings.get(JobKey.INIT_FIT)
                .map(setting -> setting.as(Strictness::parse))
                .orElse(Strictness.STRICT);
        List<Rename> renames = settings.get(JobKey.INIT_RENAME)
                .map(setting -> setting.check(
                        () -> setting.names().stream().map(Rename::parse).toList()))
                .orElseGet(List::of);
        return new WeightMapping(strictness, renames);
    }

    /** A digest of nothing is a mistake, not something to pass over. */
    private static void requireBeside(JobSettings settings, JobKey key, JobKey detail) {
        settings.get(detail).filter(setting -> settings.get(key).isEmpty()).ifPresent(setting -> {
            throw setting.refused("expected " + key.path() + " beside it, found none");
        });
    }

    private static String digest(Setting setting) {
        String text = setting.text();
        if (!text.matches("[0-9a-f]{64}")) {
            throw setting.expected("64 lower-case hex digits");
        }
        return text;
    }
}
