package io.ketju.deploy.config;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one job: a file's, with flags over them. Immutable.
 *
 * @param source what errors call the whole: the job file
 * @param settings by key
 */
public record JobSettings(String source, Map<JobKey, Setting> settings) {
    public JobSettings {
        EnumMap<JobKey, Setting> copy = new EnumMap<>(JobKey.class);
        copy.putAll(settings);
        settings = Collections.unmodifiableMap(copy);
    }

    public Optional<Setting> get(JobKey key) {
        return Optional.ofNullable(settings.get(key));
    }

    /** These, with one replaced or added. */
    public JobSettings with(Setting setting) {
        Map<JobKey, Setting> changed = new EnumMap<>(JobKey.class);
        changed.putAll(settings);
        changed.put(setting.key(), setting);
        return new JobSettings(source, changed);
    }

    /** These without one. */
    public JobSettings without(JobKey key) {
        Map<JobKey, Setting> changed = new EnumMap<>(JobKey.class);
        changed.putAll(settings);
        changed.remove(key);
        return new JobSettings(source, changed);
    }

    /** These, starting from the seed. */
    public JobSettings withoutInitialState() {
        return withoutState().without(JobKey.INIT_FIT).without(JobKey.INIT_RENAME);
    }

    /** These, starting from the weights of a file; how those are taken stays. */
    public JobSettings withInitialWeights(Setting file) {
        return withoutState().with(file);
    }

    private JobSettings withoutState() {
        return without(JobKey.INIT)
                .without(JobKey.INIT_SHA256)
                .without(JobKey.FROM)
                .without(JobKey.FROM_SHA256)
                .without(JobKey.FROM_STEPS);
    }

    /** These, with another learning rate for their optimizer; {@code where} is what errors call it. */
    public JobSettings withLearningRate(String where, String rate) {
        Setting given = new Setting(JobKey.OPTIMIZER, rate, where);
        if (!rate.matches("[0-9.]+([eE][+-]?[0-9]+)?")) {
            throw given.expected("a learning rate such as 0.001");
        }
        Setting optimizer = get(JobKey.OPTIMIZER)
                .orElseThrow(() ->
                        new InvalidJobException(where + ": expected a job with an optimizer, found none in " + source));
        String changed = given.check(() -> JobAssembly.withLearningRate(optimizer.as(text -> text), rate));
        return with(new Setting(JobKey.OPTIMIZER, changed, optimizer.where()));
    }
}
