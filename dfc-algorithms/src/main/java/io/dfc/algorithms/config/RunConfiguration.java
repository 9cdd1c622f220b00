package io.dfc.algorithms.config;

import io.dfc.api.plan.Precision;

import java.util.Optional;

/**
 * Everything that determines a run. In files keys are in kebab case ({@code data-dir}, {@code
 * forward.learning-rate}).
 *
 * @param method how the forward weights learn
 * @param data data set: a name, {@code csv:FILE} or {@code idx:DIR}
 * @param dataDir folder with the files of public data sets; absent: the user's cache
 * @param targetColumn column of a CSV file that holds the target
 * @param table how CSV files are read
 * @param seed seed of initialisation, shuffling and noise
 * @param epochs number of epochs for the forward weights, at least 0
 * @param batch samples in a minibatch, at least 1
 * @param limit number of training samples kept; 0 keeps all
 * @param validation whether samples are held out to choose the best epoch
 * @param backend {@code auto}, {@code name} or {@code name:device}
 * @param threads number of threads; 0 means all cores
 * @param precision what the controlled phases make of the weights; anything but {@code full} needs
 *     a method with such phases and a backend that rounds
 * @param solver how the controlled state is found
 * @param solverTolerance bound on the estimated relative error of an update that solver auto
 *     accepts, in (0, 1)
 * @param clampTimeConstants whether a time constant below the time step is raised to it (as the
 *     published program does) instead of refused
 * @param network the network
 * @param loss loss at the output
 * @param forward learning of the forward weights
 * @param target what the controller pursues
 * @param control the controlled phase
 * @param feedback learning of the feedback weights
 * @param stop when to give up
 * @param teacher the teacher network of the student-teacher data
 * @param published where the configuration comes from, if it was published
 */
public record RunConfiguration(
        Method method,
        String data,
        Optional<String> dataDir,
        Optional<String> targetColumn,
        TableSection table,
        long seed,
        int epochs,
        int batch,
        int limit,
        boolean validation,
        String backend,
        int threads,
        Precision precision,
        SolverChoice solver,
        double solverTolerance,
        boolean clampTimeConstants,
        NetworkSection network,
        LossChoice loss,
        ForwardSection forward,
        TargetSection target,
        ControlSection control,
        FeedbackSection feedback,
        StopSection stop,
        TeacherSection teacher,
        Optional<PublishedSection> published) {}
