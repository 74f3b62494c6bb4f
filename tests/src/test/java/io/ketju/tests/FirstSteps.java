package io.ketju.tests;

import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.testkit.FirstBatches;
import java.nio.file.Path;
import java.util.Optional;

/** Of job files. */
final class FirstSteps {
    /** What stands in for images that do not come with Ketju and are not there: others of the same shape. */
    private static final String IMAGES = "augment(fashion-mnist-5k, padding=2)";

    private FirstSteps() {}

    /**
     * The first steps of a job file on so many stages, with nothing kept or evaluated.
     *
     * @param name of the file, without its ending
     * @param stages 0 for as many as the file says
     */
    static TrainingJob of(String name, int steps, int stages) {
        JobSettings settings = JobFile.read(Path.of("..", "jobs", name + ".conf"));
        Optional<String> full = settings.get(JobKey.DATA).flatMap(data -> FullData.located(data.text()));
        Optional<String> data = full.or(() -> standsIn(name));
        if (data.isPresent()) {
            settings = settings.with(new Setting(JobKey.DATA, data.get(), "--data"));
        }
        if (stages > 0) {
            settings = settings.with(new Setting(JobKey.STAGES, Integer.toString(stages), "--stages"));
        }
        return FirstBatches.of(JobAssembly.build(settings), steps);
    }

    private static Optional<String> standsIn(String name) {
        if (name.endsWith("mnist")) {
            return Optional.of(IMAGES);
        }
        if (name.startsWith("cifar10")) {
            return Optional.of("augment(images(\"" + MadeUpImages.folder() + "\", size=32), padding=4, flip=true)");
        }
        return name.equals("cora") ? Optional.of("graph(\"" + CitationGraph.folder() + "\")") : Optional.empty();
    }
}
