/**
 * The commands of {@code ketju}, one file each, thin: they read options, call {@code config}, {@code display}, {@code
 * launch} and the doorways of actors and cluster, and turn what happened into an exit code.
 *
 * <p>The path of {@code ketju train job.conf}: {@code CommandLineInterface} gives the arguments to picocli, which fills {@code
 * TrainCommand} with {@code JobOptions}, {@code RunOptions} and {@code ClusterFlags}; the command has a job made by {@code config},
 * starts it by {@code Ketju} or {@code KetjuCluster}, and follows it to its end on the terminal. What is thrown becomes one
 * line and an exit code in {@code CommandLineInterface}.
 */
@NullMarked
package io.ketju.deploy.command;

import org.jspecify.annotations.NullMarked;
