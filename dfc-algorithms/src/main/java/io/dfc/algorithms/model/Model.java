package io.dfc.algorithms.model;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.run.NetworkOutputs;
import io.dfc.algorithms.run.StoredRun;
import io.dfc.algorithms.store.ModelFile;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.MisuseException;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.network.Network;
import io.dfc.api.spi.Backends;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * A network that learns and predicts: the front door of this framework.
 *
 * <p>Inputs and numbers to predict are those of the caller: the first samples learnt from fit the
 * map between them and the network, which is saved with it. Seed, samples and calls in their order
 * determine every bit of what is learnt.
 *
 * <p>Thread-safe. One call at a time changes parameters ({@link #fit}, {@link #learn(Data)}, {@link
 * #restore}); others of these wait for it. Meanwhile any number of threads may predict, evaluate,
 * take snapshots and save: each such call sees the parameters of one moment, those after the last
 * finished epoch of a fit or the last finished minibatch of a stream. {@link #close} waits for all
 * calls; what is called after it is a {@link MisuseException}.
 *
 * <p>A fit ends within a minibatch once its thread is interrupted, as by {@code
 * Future.cancel(true)}; the last finished epoch is kept, and the thread stays interrupted.
 *
 * <p>Every error is a {@link io.dfc.api.error.DfcException} whose message is one line.
 */
public final class Model implements AutoCloseable {
    private final ModelBackend backend;
    private final Learning learning;

    private Model(ModelBackend backend, Learning learning) {
        this.backend = backend;
        this.learning = learning;
    }

    /**
     * A model that has learnt nothing yet, on an open backend.
     *
     * @param network the network; its loss is the cross entropy where classes are learnt, with a
     *     softmax in the loss alone, else the mean squared error
     * @param method how it learns
     * @param backend where it computes
     * @param seed seed of initial parameters, shuffling, noise and held-out samples
     * @return the model, to be closed
     * @throws BadConfigurationException if a setting is out of range or does not go with the
     *     network
     * @throws io.dfc.api.error.BackendUnavailableException if the backend is not there
     * @throws PlanUnsupportedException if it does not run the method
     */
    public static Model create(
            Network network, Method method, Backends.Request backend, long seed) {
        ModelSettings settings = new ModelSettings(network, method, backend, seed);
        ModelBackend open = new ModelBackend(backend, settings.plans());
        return new Model(open, new Learning(open, settings));
    }

    /**
     * Loads a saved model on the fastest backend that runs it.
     *
     * @param file a file that {@link #save} wrote
     * @return the model, to be closed
     * @throws io.dfc.api.error.StorageException if the file cannot be read
     * @throws BadDataException if it is no model, one of a later format, or damaged
     */
    public static Model load(Path file) {
        return load(file, Backends.auto());
    }

    /**
     * Loads a saved model.
     *
     * @param file a file that {@link #save} wrote
     * @param backend where it computes
     * @return the model, to be closed
     * @throws io.dfc.api.error.DfcException as {@link #load(Path)}, or if the backend is not there
     */
    public static Model load(Path file, Backends.Request backend) {
        return of(ModelFile.read(file), file, backend);
    }

    /**
     * The network of the best epoch of a run that {@code ./dfc train} wrote.
     *
     * @param folder the folder of the run
     * @param backend where it computes
     * @return the model, to be closed
     * @throws io.dfc.api.error.DfcException if there is no such run, or the backend is not there
     */
    public static Model fromRun(Path folder, Backends.Request backend) {
        RunFolder run = new RunFolder(folder).requireRun();
        RunConfiguration configuration =
                RunConfigurations.load(run.configuration().toString(), List.of());
        return of(new StoredRun(configuration, run).model(), folder, backend);
    }

    private static Model of(ModelFile file, Path source, Backends.Request backend) {
        Learnt learnt = Learnt.of(file, source);
        ModelBackend open = ModelBackend.of(backend, learnt);
        return new Model(open, new Learning(open, learnt));
    }

    /** {@return which backend was taken, on which device, and why, in one line} */
    public String backend() {
        return backend.explanation();
    }

    /** {@return the names of the classes, in the order of scores; empty for numbers to predict} */
    public List<String> classNames() {
        return learning.current().encoder().classNames();
    }

    /**
     * Learns from samples, over and over. A further call goes on from what was learnt, with the
     * columns and classes of the first.
     *
     * @param data the samples
     * @param fit how long, in which minibatches, and who is told
     * @return what it brought
     * @throws BadDataException if the samples do not fit the network or what was learnt before
     * @throws io.dfc.api.error.DivergenceException if a number leaves its range; the last finished
     *     epoch is kept
     */
    public FitResult fit(Data data, Fit fit) {
        return learning.fit(data, fit);
    }

    /**
     * Learns from samples once, in minibatches in their order, at learning rates that stay as they
     * are at the start. If these are the first samples of all, numbers are taken as they are, for a
     * few samples do not tell means and deviations: {@link Fit#epochs} with 0 on more of them does.
     *
     * @param data the samples; one is enough
     * @return loss and error on them, each minibatch before its update
     * @throws BadDataException if the samples do not fit the network or what was learnt before
     * @throws io.dfc.api.error.DivergenceException if a number leaves its range; the model falls
     *     back to what was published last
     */
    public Evaluation learn(Data data) {
        return learning.learn(data);
    }

    /**
     * Learns from one sample.
     *
     * @param x its input, shape [n_0]
     * @param label its class, from 0
     * @return loss and error on it before the update
     */
    public Evaluation learn(float[] x, int label) {
        return learn(Data.of(new float[][] {x}, new int[] {label}));
    }

    /**
     * Learns from one sample.
     *
     * @param x its input, shape [n_0]
     * @param y numbers to predict, shape [n_L]
     * @return loss on it before the update
     */
    public Evaluation learn(float[] x, float[] y) {
        return learn(Data.of(new float[][] {x}, new float[][] {y}));
    }

    /**
     * Learns from a stream, on the thread that publishes it, with bounded memory and demand.
     *
     * @param samples the stream; it may have no end
     * @param batch samples of a minibatch, at least 1
     * @return completes with the number of samples when the stream ends; cancelling it ends the
     *     stream
     */
    public CompletableFuture<Long> learn(Flow.Publisher<Sample> samples, int batch) {
        SampleLearner learner = learner(batch);
        samples.subscribe(learner);
        return learner.done();
    }

    /**
     * A subscriber that learns.
     *
     * @param batch samples of a minibatch, which is also its demand; at least 1
     * @return the subscriber, for one stream
     */
    public SampleLearner learner(int batch) {
        return new SampleLearner(this, batch);
    }

    private double[][] predict(Learnt learnt, double[] inputs, int rows) {
        double[] outputs = backend.outputs(learnt, inputs, rows);
        NetworkOutputs decoder = new NetworkOutputs(learnt.encoder().encoding().targets());
        int width = outputs.length / rows;
        double[][] decoded = new double[rows][];
        Arrays.setAll(
                decoded,
                i -> decoder.decode(Arrays.copyOfRange(outputs, i * width, (i + 1) * width)));
        return decoded;
    }

    /**
     * Predicts.
     *
     * @param x inputs, shape [B, n_0], B any number
     * @return for classes a score of each, which add up to 1, shape [B, classes]; else the numbers
     *     in their own units, shape [B, n_L]
     * @throws BadDataException if a row has another length, or a number is not finite
     * @throws MisuseException if nothing was learnt yet, or the model is closed
     */
    public double[][] predict(double[][] x) {
        Learnt learnt = learning.current();
        if (x.length == 0) {
            return new double[0][];
        }
        double[] rows = Rows.join("x", x);
        learnt.encoder().requireWidth("x", x[0].length);
        return predict(learnt, learnt.encoder().encode(rows), x.length);
    }

    /**
     * Predicts.
     *
     * @param x inputs, shape [B, n_0], B any number
     * @return scores or numbers, as {@link #predict(double[][])}
     * @throws BadDataException as {@link #predict(double[][])}
     */
    public float[][] predict(float[][] x) {
        if (x.length == 0) {
            learning.current();
            return new float[0][];
        }
        return Arrays.stream(predict(Rows.widen(x))).map(Rows::narrow).toArray(float[][]::new);
    }

    /**
     * Predicts one sample.
     *
     * @param x its input, shape [n_0]
     * @return scores or numbers, as {@link #predict(double[][])}
     * @throws BadDataException as {@link #predict(double[][])}
     */
    public float[] predict(float[] x) {
        return predict(new float[][] {x})[0];
    }

    /**
     * Predicts a data set; its targets are not looked at.
     *
     * @param x samples such as fit was given, of any number
     * @return scores or numbers, as {@link #predict(double[][])}
     * @throws BadDataException as {@link #predict(double[][])}
     */
    public double[][] predict(DataSet x) {
        Learnt learnt = learning.current();
        if (x.size() == 0) {
            return new double[0][];
        }
        return predict(learnt, learnt.encoder().inputs(Data.of(x)), x.size());
    }

    /**
     * Predicts a stream, one prediction for each input; demand goes through to its publisher.
     *
     * @param inputs publishes inputs, each of shape [n_0]
     * @return publishes scores or numbers, as {@link #predict(double[][])}
     */
    public Flow.Publisher<float[]> predict(Flow.Publisher<float[]> inputs) {
        return new PredictionStream(this, Objects.requireNonNull(inputs, "inputs"));
    }

    /**
     * The most likely classes.
     *
     * @param x inputs, shape [B, n_0], B any number
     * @return a class for each row, from 0
     * @throws BadDataException as {@link #predict(double[][])}
     * @throws MisuseException if the model predicts numbers
     */
    public int[] classify(double[][] x) {
        requireClasses();
        return largest(predict(x));
    }

    /**
     * The most likely classes.
     *
     * @param x inputs, shape [B, n_0], B any number
     * @return a class for each row, from 0
     * @throws BadDataException as {@link #predict(double[][])}
     * @throws MisuseException if the model predicts numbers
     */
    public int[] classify(float[][] x) {
        requireClasses();
        return x.length == 0 ? new int[0] : largest(predict(Rows.widen(x)));
    }

    /**
     * The most likely classes of a data set; its targets are not looked at.
     *
     * @param x samples such as fit was given, of any number
     * @return a class for each sample, from 0
     * @throws BadDataException as {@link #predict(double[][])}
     * @throws MisuseException if the model predicts numbers
     */
    public int[] classify(DataSet x) {
        requireClasses();
        return largest(predict(x));
    }

    private static int[] largest(double[][] scores) {
        return Arrays.stream(scores).mapToInt(NetworkOutputs::largest).toArray();
    }

    private void requireClasses() {
        if (classNames().isEmpty()) {
            throw new MisuseException(
                    "the model has learnt to predict numbers, not classes; call predict");
        }
    }

    /**
     * Loss and error on samples.
     *
     * @param data the samples
     * @return cross entropy and share of wrong classes, or squared error with no share
     * @throws BadDataException if they do not fit what was learnt
     */
    public Evaluation evaluate(Data data) {
        Learnt learnt = learning.current();
        return backend.evaluate(learnt, learnt.encoder().encode(data));
    }

    /** {@return what the model has learnt at this moment} */
    public ModelSnapshot snapshot() {
        return new ModelSnapshot(learning.current());
    }

    /**
     * Goes back to a snapshot of this model.
     *
     * @param snapshot a snapshot
     * @throws BadConfigurationException if it is one of another network
     */
    public void restore(ModelSnapshot snapshot) {
        Network mine = learning.current().predicting().network();
        Network other = snapshot.learnt().predicting().network();
        if (!mine.equals(other)) {
            throw new BadConfigurationException(
                    "snapshot", "is of the network " + other + ", the model has " + mine);
        }
        learning.restore(snapshot.learnt());
    }

    /**
     * Writes the model as one file that holds all it needs, atomically.
     *
     * @param file the file; its folder must exist
     * @throws io.dfc.api.error.StorageException if the operating system refuses; an older file is
     *     then untouched
     * @throws MisuseException if nothing was learnt yet, or the model is closed
     */
    public void save(Path file) {
        snapshot().save(file);
    }

    /** Waits for all calls, and frees what the model holds; a second time, nothing. */
    @Override
    public void close() {
        learning.close();
    }
}
