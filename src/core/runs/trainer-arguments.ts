/** Names of the trainers' own arguments: TRL 1.16.0 with transformers 5.23.0, peft 0.21.2. */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const SHARED = words(`
accelerator_config activation_checkpointing activation_checkpointing_kwargs activation_offloading adam_beta1 adam_beta2
adam_epsilon auto_find_batch_size average_tokens_across_devices batch_eval_metrics bf16 bf16_full_eval data_seed
dataloader_drop_last dataloader_in_order dataloader_multiprocessing_context dataloader_num_workers
dataloader_persistent_workers dataloader_pin_memory dataloader_prefetch_factor dataset_num_proc ddp_backend
ddp_broadcast_buffers ddp_bucket_cap_mb ddp_find_unused_parameters ddp_static_graph ddp_timeout debug deepspeed
disable_tqdm do_eval do_predict do_train enable_jit_checkpoint eval_accumulation_steps eval_delay eval_do_concat_batches
eval_on_start eval_steps eval_strategy eval_use_gather_object fp16 fp16_full_eval fsdp fsdp_config full_determinism
gradient_accumulation_steps gradient_checkpointing gradient_checkpointing_kwargs greater_is_better hub_always_push
hub_model_id hub_private_repo hub_revision hub_strategy ignore_data_skip include_for_metrics
include_num_input_tokens_seen label_names label_smoothing_factor learning_rate length_column_name liger_kernel_config
load_best_model_at_end local_rank log_level log_level_replica log_on_each_node logging_first_step logging_steps
logging_strategy loss_type lr_scheduler_kwargs lr_scheduler_type max_grad_norm max_steps metric_for_best_model
model_init_kwargs neftune_noise_alpha num_train_epochs optim optim_args optim_target_modules pad_to_multiple_of
parallelism_config per_device_eval_batch_size per_device_train_batch_size prediction_loss_only project push_to_hub
report_to restore_callback_states_from_checkpoint router_aux_loss_coef run_name save_on_each_node save_only_model
save_steps save_strategy save_total_limit seed skip_memory_metrics tf32 torch_compile torch_compile_backend
torch_compile_mode torch_empty_cache_steps trackio_bucket_id trackio_space_id trackio_static_space_id
train_sampling_strategy trust_remote_code use_cache use_cpu use_liger_kernel warmup_steps weight_decay`);

const PREFERENCE = words(`
beta disable_dropout precompute_ref_batch_size precompute_ref_log_probs ref_model_mixup_alpha ref_model_sync_steps
sync_ref_model`);

export const SFT_ARGUMENTS: readonly string[] = [
  ...SHARED,
  ...words('eos_token pad_token padding_free shuffle_dataset'),
];
export const DPO_ARGUMENTS: readonly string[] = [
  ...SHARED,
  ...PREFERENCE,
  ...words(`discopop_tau f_alpha_divergence_coef f_divergence_type label_smoothing ld_alpha loss_weights pad_token
padding_free use_weighting`),
];
export const KTO_ARGUMENTS: readonly string[] = [
  ...SHARED,
  ...PREFERENCE,
  ...words('desirable_weight undesirable_weight'),
];

export const LORA_ARGUMENTS: readonly string[] = words(`
alora_invocation_tokens alpha_pattern arrow_config auto_mapping base_model_name_or_path bias corda_config
ensure_weight_tying eva_config exclude_modules fan_in_fan_out inference_mode init_lora_weights kasa_config
layer_replication layers_pattern layers_to_transform loftq_config lora_alpha lora_bias lora_dropout lora_ga_config
megatron_config megatron_core modules_to_save monteclora_config peft_type peft_version qalora_group_size r rank_pattern
revision runtime_config target_modules target_parameters task_type trainable_token_indices use_bdlora use_dora use_qalora
use_rslora velora_config`);

/** What a run sets by itself, and where it is set instead; a sentence. */
export const SET_BY_RUN: Readonly<Record<string, string>> = {
  output_dir: "The output is in the run's own folder: remove it, and fetch the model when the run has ended.",
  resume_from_checkpoint: 'Remove it, and resume the run: it goes on from its last whole checkpoint.',
  packing: 'Set `packing` at the top of the file instead.',
  packing_strategy: 'Set `packing` at the top of the file to `bfd` or `bfd_split` instead.',
  eval_packing: 'Eval rows are packed as the training rows are: set `packing` at the top of the file.',
  max_length: 'Set `maxLength` at the top of the file instead: rows are cut before the trainer gets them.',
  max_seq_length: 'Set `maxLength` at the top of the file instead: rows are cut before the trainer gets them.',
  truncation_mode: 'Rows are cut at `maxLength` before the trainer gets them: remove it.',
  remove_unused_columns: 'The trainer needs every column to lead a step back to its rows: remove it.',
  dataset_kwargs: 'Rows reach the trainer as the tokens that the inspector shows: remove it.',
  dataset_text_field: 'Name the column in `columns` of `sft-lens.json` instead.',
  assistant_only_loss: 'Which tokens are trained is said by `mask`: set that to `trl-assistant` instead.',
  completion_only_loss: 'Which tokens are trained is said by `mask`: set that to `trl-completion` instead.',
  chat_template_path: 'Set `chatTemplate` at the top of the file instead.',
  logging_nan_inf_filter: 'It would hide a loss that is not a number: remove it.',
  hub_token: 'A secret does not belong in a file: remove it, and store it with the command for the Hub token.',
};

/** Names of earlier versions and their names now; the values mean the same (`warmup_steps` below 1 is a share). */
export const RENAMED: Readonly<Record<string, string>> = {
  warmup_ratio: 'warmup_steps',
  evaluation_strategy: 'eval_strategy',
  per_gpu_train_batch_size: 'per_device_train_batch_size',
  per_gpu_eval_batch_size: 'per_device_eval_batch_size',
  no_cuda: 'use_cpu',
  use_liger: 'use_liger_kernel',
};
