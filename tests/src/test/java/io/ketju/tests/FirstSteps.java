package io.ketju.tests;

import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.testkit.FirstBatches;
import java.nio.file.Path;

/** Of job files. */
final class FirstSteps {
    /** What stands in for images that do not come with Ketju: others of the same shape. */
    private static final String STANDS_IN = "augment(fashion-mnist-5k, padding=2)";

    private FirstSteps() {}

    /**
     * The first steps of a job file on so many stages, with nothing kept or evaluated.
     *
     * @param name of the file, without its ending
     * @param stages 0 for as many as the file says
     */
    static TrainingJob of(String name, int steps, int stages) {
        JobSettings settings = JobFile.read(Path.of("..", "jobs", name + ".conf"));
        if (name.endsWith("mnist")) {
            settings = settings.with(new Setting(JobKey.DATA, STANDS_IN, "--data"));
        }
        if (name.startsWith("cifar10")) {
            String images = "augment(images(\"" + MadeUpImages.folder() + "\", size=32), padding=4, flip=true)";
            settings = settings.with(new Setting(JobKey.DATA, images, "--data"));
        }
        if (name.equals("cora")) {
            String papers = "graph(\"" + CitationGraph.folder() + "\")";
            settings = settings.with(new Setting(JobKey.DATA, papers, "--data"));
        }
        if (stages > 0) {
            settings = settings.with(new Setting(JobKey.STAGES, Integer.toString(stages), "--stages"));
        }
        return FirstBatches.of(JobAssembly.build(settings), steps);
    }
}
