/**
 * Job files: HOCON text to a validated {@code TrainingJob} and back; and the settings of a node. Every value remembers where it was
 * written, so that every error names file and line, or the flag, or the variable.
 *
 * <p>The path of one file: {@code HoconFile} refuses by {@code HoconBounds} what a file of settings may not use, and parses. {@code
 * JobFile.read} gives {@code JobSettings} of it, a {@code Setting} each with its place; flags of the command line go over them; {@code
 * JobAssembly.build} makes the job, and {@code NearestName} tells what was probably meant. A node's file, its environment and its
 * flags become {@code NodeSettings}, by the one table of {@code NodeKey}.
 */
@NullMarked
package io.ketju.deploy.config;

import org.jspecify.annotations.NullMarked;
