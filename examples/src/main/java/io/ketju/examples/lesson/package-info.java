/**
 * What all examples share: {@link io.ketju.examples.lesson.Example} is one, {@link io.ketju.examples.lesson.Lesson} is a run of
 * it, with the folder for its pictures and what it prints; {@link io.ketju.examples.lesson.Page} is its page, whose output
 * comes from a run.
 */
@NullMarked
package io.ketju.examples.lesson;

import org.jspecify.annotations.NullMarked;
