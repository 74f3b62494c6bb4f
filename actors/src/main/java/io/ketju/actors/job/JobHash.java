package io.ketju.actors.job;

import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.Node;
import io.ketju.pipeline.Recipe;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Digests of a job: runs with equal numbers have equal ones. */
public final class JobHash {
    private static final String EPOCHS = "epochs ";

    /** Numbers of epochs that are tried: each takes some microseconds. */
    private static final int MOST_EPOCHS = 100_000;

    private JobHash() {}

    /**
     * Over everything that decides the numbers: a checkpoint belongs to jobs with this hash.
     *
     * @param job any
     * @return SHA-256, 64 hexadecimal digits
     */
    public static String numbers(TrainingJob job) {
        return hex(numbersText(job));
    }

    /**
     * The number of epochs with which a job would have a hash.
     *
     * @param job whose own number is the largest that is tried
     * @param hash of {@link #numbers}
     * @param least the smallest that is tried, of 100,000 at most
     * @return the smallest that gives it; empty if none does
     */
    public static OptionalInt epochs(TrainingJob job, String hash, int least) {
        String text = numbersText(job);
        String own = EPOCHS + job.epochs() + " ";
        int at = text.lastIndexOf(own);
        String before = text.substring(0, at) + EPOCHS;
        String after = text.substring(at + own.length() - 1);
        return IntStream.rangeClosed(least, job.epochs())
                .limit(MOST_EPOCHS)
                .filter(epochs -> hex(before + epochs + after).equals(hash))
                .findFirst();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    /**
     * Over everything that both ends of a connection must agree on: the numbers, the cut and the order.
     *
     * @param job as it is cut now
     * @return 64 bits of a SHA-256
     */
    public static long connection(TrainingJob job) {
        byte[] digest = sha256(numbersText(job)
                + "\nschedule " + String.join(" or ", job.pipeline().scheduleTexts())
                + "\nbounds " + job.pipeline().partition().bounds()
                + "\nranks " + job.pipeline().placement().rankOfStage()
                + (job.pipeline().counts().alike()
                        ? ""
                        : "\nreplicas " + job.pipeline().counts())
                + (job.pipeline().recomputing().isEmpty()
                        ? ""
                        : "\nrecompute " + job.pipeline().recomputing())
                + (job.pipeline().sharesState() ? "\nshared state" : ""));
        return ByteBuffer.wrap(digest).getLong();
    }

    /**
     * What tells a run from others, also from other runs of the same job: its folder differs.
     *
     * @param job of the run
     * @param directory of the run; a relative one is that of this process
     * @return 64 bits of a SHA-256
     */
    public static long run(TrainingJob job, Path directory) {
        byte[] digest =
                sha256(numbersText(job) + "\nrun " + directory.toAbsolutePath().normalize());
        return ByteBuffer.wrap(digest).getLong();
    }

    private static String numbersText(TrainingJob job) {
        Recipe recipe = job.pipeline().recipe();
        StringJoiner text = new StringJoiner("\n");
        text.add("input " + recipe.model().inputShape());
        for (Node node : recipe.model().nodes()) {
            text.add("layer " + node.name() + " " + node.layer().spec());
        }
        // A chain has no further lines, and keeps the hash that it has always had.
        Set<String> plain = recipe.model().nodes().stream()
                .map(node -> node.layer().spec().toString())
                .collect(Collectors.toSet());
        ModelText.print(recipe.model().withUsualMetrics()).stream()
                .filter(line -> !plain.contains(line))
                .forEach(line -> text.add("graph " + line));
        text.add("train "
                + job.datasets()
                        .map(data -> data.train().identity())
                        .orElseGet(() -> SourceChecks.identity(job.train())));
        text.add("test "
                + job.datasets()
                        .map(data -> data.test().identity())
                        .or(() -> job.test().map(SourceChecks::identity))
                        .orElse("none"));
        text.add("loss " + recipe.loss().spec());
        text.add("optimizer " + recipe.optimizer().spec());
        recipe.groups().forEach(group -> text.add("parameter-group " + group));
        recipe.objectives().forEach(objective -> text.add("objective " + objective));
        text.add("learning-rate-schedule " + recipe.learningRateSchedule().spec());
        recipe.clipGradNorm().ifPresent(bound -> text.add("clip-grad-norm " + bound));
        recipe.rules().clipGradValue().ifPresent(bound -> text.add("clip-grad-value " + bound));
        if (recipe.rules().skips()) {
            text.add("non-finite-gradients " + recipe.rules().nonFinite());
        }
        recipe.rules().penalties().forEach(penalty -> text.add("penalty " + penalty));
        recipe.rules()
                .average()
                .ifPresent(kept -> text.add("average " + kept.rule().spec()));
        // What is only kept decides nothing.
        job.bestEpoch()
                .filter(rule -> rule.patience().isPresent())
                .ifPresent(rule -> text.add("early-stopping " + rule));
        if (job.accumulate() > 1) {
            text.add("accumulate " + job.accumulate());
        }
        if (recipe.rules().gradientGroups() > 1) {
            text.add("gradient-groups " + recipe.rules().gradientGroups());
        }
        text.add("batch " + recipe.batchSize() + " microbatches " + recipe.microbatches());
        text.add(EPOCHS + job.epochs() + " seed " + recipe.seed());
        job.initialState().ifPresent(state -> text.add(state.identity()));
        // Where windows overlap, the stage of a layer says which weights it runs on.
        job.pipeline()
                .overlap()
                .ifPresent(overlap -> text.add("overlaps " + job.pipeline().scheduleText() + " bounds "
                        + job.pipeline().partition().bounds()));
        // Where what crosses is rounded, the cut says where.
        job.pipeline()
                .wire()
                .rounding()
                .ifPresent(wire -> text.add(
                        "wire " + wire + " bounds " + job.pipeline().partition().bounds()));
        return text.toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
