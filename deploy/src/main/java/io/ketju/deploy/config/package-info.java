/**
 * Job files: HOCON text to a validated {@code TrainingJob} and back. Every value remembers where it was written, so that
 * every error names file and line, or the flag.
 *
 * <p>The path of one file: {@code JobFile.read} refuses by {@code JobFileBounds} what a job file may not use, parses, and gives {@code
 * JobSettings}, a {@code Setting} each with its place; flags of the command line go over them; {@code JobAssembly.build} makes the
 * job, and {@code NearestName} tells what was probably meant.
 */
@NullMarked
package io.ketju.deploy.config;

import org.jspecify.annotations.NullMarked;
