package io.ketju.actors.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.Losses;
import io.ketju.layers.model.InitialValues;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.zoo.Models;
import io.ketju.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Model and loss of a saved run, from the job that {@link JobText} wrote into its folder: what predictions need of a job.
 *
 * @param source the model, by its name in the zoo or of its layers
 * @param loss says what the outputs become as predictions
 */
public record SavedModelText(ModelSource source, Loss loss) {
    /**
     * Reads them.
     *
     * @param jobFile {@code job.conf} of a run
     * @return without weights
     * @throws InvalidJobException in one line if the file is not there, holds no such job, or names layers or a loss that are
     *     not Ketju's own
     */
    public static SavedModelText read(Path jobFile) {
        if (!Files.isRegularFile(jobFile)) {
            throw new InvalidJobException(jobFile + ": expected the job of a saved run, found no such file");
        }
        try {
            ConfigParseOptions options =
                    ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF);
            Config job = ConfigFactory.parseFile(jobFile.toFile(), options);
            return new SavedModelText(model(job), Losses.parse(job.getString(JobKey.LOSS.path())));
        } catch (ConfigException | IllegalArgumentException e) {
            throw new InvalidJobException(
                    jobFile + ": model and loss cannot be read (" + e.getMessage()
                            + "); if they are of your own, load the run with its job",
                    e);
        }
    }

    private static ModelSource model(Config job) {
        if (job.hasPath(JobKey.MODEL_NAME.path())) {
            String name = job.getString(JobKey.MODEL_NAME.path());
            ModelSource named = new ModelSource(name, Models.named(name));
            return job.hasPath(JobKey.MODEL_INIT.path())
                    ? new ModelSource(
                            name,
                            named.model()
                                    .apply(job.getStringList(JobKey.MODEL_INIT.path()).stream()
                                            .map(InitialValues::parse)
                                            .toList()))
                    : named;
        }
        int[] input = job.getIntList(JobKey.MODEL_INPUT.path()).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        return new ModelSource(
                "custom", ModelText.parse(Shape.of(input), job.getStringList(JobKey.MODEL_LAYERS.path())));
    }
}
