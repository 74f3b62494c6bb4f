/**
 * What people see of a run, on a terminal and elsewhere, and what is kept of its numbers. Formats only: nothing here
 * decides anything. Start reading at {@code RunDisplay}.
 */
@NullMarked
package io.ketju.deploy.display;

import org.jspecify.annotations.NullMarked;
