package io.ketju.tests;

import io.ketju.actors.job.JobCheckpoints;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The first mini-batches of another source, as one data epoch of it.
 *
 * @param whole where they come from
 * @param stepsPerEpoch how many they are, whatever its own epochs are
 */
record FirstSteps(BatchSource whole, int stepsPerEpoch) implements BatchSource {
    /** What stands in for images that do not come with Ketju: others of the same shape. */
    private static final String STANDS_IN = "augment(fashion-mnist-5k, padding=2)";

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
        return of(JobAssembly.build(settings), steps);
    }

    private static TrainingJob of(TrainingJob job, int steps) {
        return new TrainingJob(
                job.name(),
                job.source(),
                job.model(),
                Optional.empty(),
                new FirstSteps(job.train(), steps),
                Optional.empty(),
                1,
                job.pipeline(),
                2,
                Optional.empty(),
                JobCheckpoints.USUAL,
                false,
                TrainingJob.USUAL_RESTARTS,
                Optional.empty(),
                Optional.empty(),
                job.initialState(),
                Optional.empty());
    }

    @Override
    public String name() {
        return whole.name();
    }

    @Override
    public List<BatchPort> ports() {
        return whole.ports();
    }

    @Override
    public int batchSize() {
        return whole.batchSize();
    }

    @Override
    public int microbatches() {
        return whole.microbatches();
    }

    @Override
    public BatchPlan plan(long index) {
        BatchPlan plan = whole.plan(index);
        return new BatchPlan(index, 0, plan.microbatches());
    }

    @Override
    public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
        whole.copy(whole.plan(plan.index()), microbatch, port, target);
    }

    @Override
    public void copyConstant(String port, Tensor target) {
        whole.copyConstant(port, target);
    }

    @Override
    public String identity() {
        return whole.identity();
    }
}
