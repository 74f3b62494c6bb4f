package io.ketju.deploy.config;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.LearningRateSchedules;
import io.ketju.layers.spec.NearestName;
import io.ketju.pipeline.Objective;
import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the objectives of a job file: a list, as their order is that of the windows of a step. Whether they fit the model
 * only the whole job shows.
 */
final class Objectives {
    private static final String NAME = "name";
    private static final String HEADS = "heads";
    private static final String PARAMETERS = "parameters";
    private static final String RATES = JobKey.LEARNING_RATE_SCHEDULE.path();
    private static final List<String> FIELDS = List.of(NAME, HEADS, PARAMETERS, RATES);

    private static final String EXAMPLE =
            "a list such as [{ name = generator, heads = [fooled], parameters = [\"generator.*\"] }]";

    private final Setting setting;

    private Objectives(Setting setting) {
        this.setting = setting;
    }

    static List<Objective> of(Setting setting) {
        if (!(setting.value() instanceof List<?> list) || list.isEmpty()) {
            throw setting.expected(EXAMPLE);
        }
        List<Objective> objectives = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> fields)) {
                throw setting.expected(EXAMPLE);
            }
            objectives.add(new Objectives(setting).objective(fields));
        }
        return objectives;
    }

    private Objective objective(Map<?, ?> fields) {
        for (Object field : fields.keySet()) {
            if (!FIELDS.contains(field)) {
                throw refused("expected the keys " + FIELDS + ", found '" + Excerpt.of(field) + "'"
                        + NearestName.of(field.toString(), FIELDS)
                                .map(name -> "; did you mean '" + name + "'?")
                                .orElse(""));
            }
        }
        if (!(fields.get(NAME) instanceof String name) || name.isBlank()) {
            throw refused("expected a name of each, found " + Excerpt.of(fields));
        }
        String where = "objective '" + Excerpt.of(name) + "': ";
        return new Objective(
                name, texts(where, fields, HEADS), texts(where, fields, PARAMETERS), rates(where, fields.get(RATES)));
    }

    /** One text alone is a list too. */
    private List<String> texts(String where, Map<?, ?> fields, String key) {
        Object value = fields.get(key);
        if (value instanceof String text) {
            return List.of(text);
        }
        if (value instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw refused(
                where + key + ": expected a list of texts, found " + (value == null ? "none" : Excerpt.of(value)));
    }

    private LearningRateSchedule rates(String where, @Nullable Object value) {
        if (value == null) {
            return new ConstantLR();
        }
        return setting.check(() -> {
            try {
                return LearningRateSchedules.parse(value.toString());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(where + RATES + ": " + e.getMessage(), e);
            }
        });
    }

    private InvalidJobException refused(String line) {
        return new InvalidJobException(setting.where() + ": " + setting.key().path() + ": " + line);
    }
}
